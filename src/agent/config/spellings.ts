import type { z } from 'zod'
import { toSnake } from './names.ts'

/** How a key of the file is read: which key of the schema it stands for, and what its value means there. */
export interface Spelling {
  readonly key: string
  /** Whether the value is the name of a secret in place of the secret. */
  readonly named?: true
  read(value: unknown): unknown
}

/** In `meta` of a setting: other names of it, with what their values mean where that differs. */
export interface Aliases {
  readonly aliases?: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>
}

/** What may stand behind the name of a duration or size, and the unit that its number then has. */
const units: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  duration: { _ms: 'ms', _seconds: 's', _minutes: 'm', _hours: 'h' },
  size: { _bytes: 'B', _kb: 'KB', _mb: 'MB', _gb: 'GB' },
}

/**
 * Every name under which a key of that shape may stand in a file: its own in snake_case, its aliases, and these with a unit
 * or, where it is a secret, with `_secret` for the name of one.
 */
export function spellingsOf(shape: Readonly<Record<string, z.ZodType>>): ReadonlyMap<string, Spelling> {
  const spellings = new Map<string, Spelling>()
  const add = (name: string, spelling: Spelling) => {
    if (!spellings.has(name)) spellings.set(name, spelling)
  }
  for (const key of Object.keys(shape)) add(toSnake(key), { key, read: (value) => value })
  for (const [key, schema] of Object.entries(shape)) {
    const { title, aliases = {} } = metaOf(schema)
    for (const [name, meanings] of Object.entries(aliases)) add(name, { key, read: (value) => meanings?.[String(value)] ?? value })
    for (const name of [toSnake(key), ...Object.keys(aliases)]) {
      if (title === 'secret') add(`${name}_secret`, { key, named: true, read: (value) => value })
      for (const [ending, unit] of Object.entries(units[title ?? ''] ?? {})) {
        add(name + ending, { key, read: (value) => (typeof value === 'number' ? `${value}${unit}` : value) })
      }
    }
  }
  return spellings
}

/** What the schema says of itself, under whatever wrapping it was said. */
export function metaOf(schema: z.ZodType): { title?: string } & Aliases {
  const { innerType, in: input } = schema._zod.def as unknown as { innerType?: z.ZodType; in?: z.ZodType }
  const inner = innerType ?? input
  return { ...(inner && metaOf(inner)), ...(schema.meta() as ({ title?: string } & Aliases) | undefined) }
}
