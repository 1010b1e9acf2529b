import { styleText } from 'node:util'
import { pino } from 'pino'
import type { Level, LogLevels } from '../agent/log-levels.ts'
import type { Log, LogFields } from '../core/log.ts'
import type { Screen } from './screen.ts'

export interface LogOptions {
  readonly levels: LogLevels
  readonly format: 'text' | 'json'
  readonly screen: Pick<Screen, 'line' | 'hasColors'>
}

/** The log of the commands: pino's JSON lines, or the same as text for people, one line each. */
export function createLog({ levels, format, screen }: LogOptions): Log {
  const write = (json: string) => screen.line(format === 'json' ? json.trimEnd() : textLine(JSON.parse(json) as Entry, screen.hasColors))
  const logger = pino(
    {
      level: 'debug',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: plainError },
    },
    { write },
  )
  return wrap(logger, levels, {})
}

/** `bound` is what it says with everything. */
function wrap(logger: pino.Logger, levels: LogLevels, bound: LogFields): Log {
  const say =
    (level: Level) =>
    (message: string, fields: LogFields = {}) => {
      if (levels.allow(level, speakerOf({ ...bound, ...fields }))) logger[level](fields, message)
    }
  const child = (fields: LogFields) => wrap(logger.child(fields), levels, { ...bound, ...fields })
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error'), child }
}

/** The component that says it. */
function speakerOf({ component, exporter, source, receiver }: LogFields): string | undefined {
  const name = component ?? exporter ?? source ?? receiver
  return name === undefined ? undefined : String(name)
}

interface Entry {
  readonly level: string
  readonly time: string
  readonly msg: string
  readonly component?: string
  readonly error?: { readonly message: string; readonly hint?: string }
  readonly [field: string]: unknown
}

const colors = { debug: 'gray', info: 'green', warn: 'yellow', error: 'red' } as const

function textLine({ level, time, msg, component, error, ...rest }: Entry, colored: boolean): string {
  const label = level.toUpperCase().padEnd(5)
  const shown = colored ? styleText(colors[level as keyof typeof colors] ?? 'white', label) : label
  const fields = Object.entries(rest).map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const reason = error ? `: ${error.message}${error.hint ? `; ${error.hint}` : ''}` : ''
  return `${time.slice(11, 23)} ${shown} ${component ? `${component}: ` : ''}${msg}${reason}${fields.join('')}`
}

/** What a log tells of an error: never its cause, which may hold a request with its headers. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) }
  const { message, code, hint } = error as Error & { code?: unknown; hint?: unknown }
  return { message, ...(code !== undefined && { code }), ...(hint !== undefined && { hint }) }
}
