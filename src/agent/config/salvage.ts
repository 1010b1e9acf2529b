import type { z } from 'zod'

/**
 * As much of `value` as fits the schema: what is wrong is taken out and what is missing stands empty, so that the rest of a
 * file with mistakes can be checked too. Undefined when that does not help.
 */
export function salvage<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const copy = structuredClone(value)
  for (let round = 0; round < 5; round++) {
    const parsed = schema.safeParse(copy)
    if (parsed.success) return parsed.data
    for (const { path, ...issue } of parsed.error.issues) {
      const last = path.at(-1)
      const parent = path.slice(0, -1).reduce<unknown>((node, part) => (node as Record<PropertyKey, unknown> | undefined)?.[part], copy)
      if (last === undefined || typeof parent !== 'object' || parent === null) continue
      const holder = parent as Record<PropertyKey, unknown>
      const missing = holder[last] === undefined
      if (missing && issue.code === 'invalid_type') holder[last] = issue.expected === 'array' ? [] : ''
      else if (Array.isArray(holder)) holder[last as number] = ''
      else delete holder[last]
    }
  }
  return undefined
}
