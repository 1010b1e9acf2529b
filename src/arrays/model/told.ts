import type { z } from '../../sdk.ts'

/**
 * What a driver tells, which may be anything, as it is to be. Throws TypeError with the first field that is otherwise:
 * `disks[3].capacity: Invalid input: expected number, received string`.
 */
export function told<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const { data, error } = schema.safeParse(value)
  if (!error) return data
  const { path, message } = error.issues[0]!
  const where = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
  throw new TypeError(`${what}${where.join('')}: ${message}`)
}
