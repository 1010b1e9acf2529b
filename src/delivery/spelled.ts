import { WaybillError } from '../core/errors.ts'

/** Settings by their names; a duration may be written with its unit in the name. */
export type Known<Settings> = Readonly<Record<keyof Settings, 'plain' | 'duration'>>

/** Settings of an object that may be written in either way, as `spelled` reads them. */
export type Spelled<Settings> = Settings | Readonly<Record<string, unknown>>

const units = { Ms: 'ms', Seconds: 's', Minutes: 'm', Hours: 'h' } as const

/**
 * Settings as they are written in a plain object, under their own names: they may be in snake_case (`batch_size`), and
 * durations have their unit in the name (`flush_interval_seconds: 30` is `flushInterval: '30s'`). What is undefined is left
 * out. Throws WaybillError `INVALID_OPTION` for a name that is not `known`, and for a setting written twice; `what` says of
 * what the settings are.
 */
export function spelled<Settings extends object>(what: string, given: Spelled<Settings>, known: Known<Settings>): Partial<Settings> {
  const settings: Record<string, unknown> = {}
  for (const [written, value] of Object.entries(given)) {
    if (value === undefined) continue
    const { name, unit } = nameOf(written, known)
    if (!name)
      throw new WaybillError('INVALID_OPTION', `${what} has no setting ${JSON.stringify(written)}`, {
        hint: `known are ${Object.keys(known).join(', ')}`,
      })
    if (name in settings)
      throw new WaybillError('INVALID_OPTION', `${what} has the setting ${name} twice`, { hint: `leave ${written} out` })
    settings[name] = unit && typeof value === 'number' ? `${value}${unit}` : value
  }
  return settings as Partial<Settings>
}

function nameOf(written: string, known: Readonly<Record<string, 'plain' | 'duration'>>): { name?: string; unit?: string } {
  const camel = written.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  if (Object.hasOwn(known, camel)) return { name: camel }
  for (const [ending, unit] of Object.entries(units)) {
    const name = camel.slice(0, -ending.length)
    if (camel.endsWith(ending) && Object.hasOwn(known, name) && known[name] === 'duration') return { name, unit }
  }
  return {}
}
