/** What a plugin is written with: the core's nouns, zod, and the schemas of values that carry a unit or a secret. */
import { z } from 'zod'
import { parseDuration } from './core/duration.ts'
import { Secret } from './core/secret.ts'
import { parseSize } from './core/size.ts'

export * from './core/index.ts'
export { z }

/** A schema for a duration: `'10s'` or a number of milliseconds in, milliseconds out. */
export const duration = () => z.union([z.string(), z.number()]).transform(guarded(parseDuration)).meta({ title: 'duration' })

/** A schema for a size: `'100MB'` or a number of bytes in, bytes out. */
export const size = () => z.union([z.string(), z.number()]).transform(guarded(parseSize)).meta({ title: 'size' })

/** A schema for a password, key or token: text in, a `Secret` out. */
export const secret = () =>
  z
    .string()
    .min(1)
    .transform((value) => new Secret(value))
    .meta({ title: 'secret' })

function guarded<T>(parse: (value: string | number) => T) {
  return (value: string | number, context: z.RefinementCtx): T => {
    try {
      return parse(value)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as { explain(): string }).explain() })
      return z.NEVER
    }
  }
}
