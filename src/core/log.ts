/** Facts beside a message, by name. Never a secret. */
export type LogFields = Readonly<Record<string, unknown>>

/** Where a component says what a person should know. Outcomes of data are results, not log lines. */
export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** The same log for a part of the component. */
  child(fields: LogFields): Log
}

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }
