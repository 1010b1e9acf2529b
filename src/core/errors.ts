/**
 * The mistakes that Waybill names, each with what it means. Outcomes of data are not here: they are an `ExportResult`.
 * docs/reference/errors.md is made from this list.
 */
export const errorCodes = {
  INVALID_DURATION: 'A duration is not a number with a unit.',
  INVALID_SIZE: 'A size is not a number of bytes or a number with a unit.',
  INVALID_EXPRESSION: 'A CEL condition does not parse, uses a name that is not there, or is not true or false.',
  INVALID_OPTION: 'An option given in code or on the command line has a value that cannot be used.',
  INVALID_CONFIG: 'A configuration file was refused; the message lists every error in it with its line and column.',
  CONFIG_SYNTAX: 'The file is not YAML.',
  CONFIG_UNKNOWN_KEY: 'A key that nothing reads, often misspelt.',
  CONFIG_INVALID_VALUE: 'A value of the wrong type or out of range.',
  CONFIG_UNKNOWN_TYPE: 'A `type` for which there is no plugin.',
  CONFIG_UNKNOWN_NAME: 'A pipeline names a component that is not defined.',
  CONFIG_DUPLICATE_NAME: 'Two components of one kind have the same name.',
  CONFIG_SIGNAL_MISMATCH: 'A pipeline would send a signal to an exporter that does not take it.',
  CONFIG_UNDEFINED_VARIABLE: 'An environment variable used without a default is not set.',
  CONFIG_UNREADABLE_SECRET: 'A file named by ${file:…} cannot be read or is empty.',
  UNKNOWN_EXPORTER_TYPE: 'An exporter was asked for of a type that is not registered.',
  DUPLICATE_NAME: 'Something was to be created under a name that is taken.',
  PLUGIN_NOT_FOUND: 'No plugin has that type, or a file in `plugins:` cannot be loaded.',
  PLUGIN_INVALID: 'A module in `plugins:` exports no plugin, or one made for another version of the SDK.',
  PACKAGE_MISSING: 'A plugin needs a package that is not installed; the hint is the command that installs it.',
  PACKAGE_VERSION: 'A plugin needs another version of an installed package.',
  FILE_UNREADABLE: 'A file cannot be read.',
  SOURCE_UNAVAILABLE: 'A server that data is read from does not answer, refuses, or answers what cannot be read.',
  DESTINATION_UNAVAILABLE: 'A destination cannot be opened now: port in use, no permission, disk full.',
  CIRCUIT_OPEN: 'The circuit breaker of an exporter is open: the destination failed too often and is left alone for a while.',
  TIMED_OUT: 'Something took longer than it may.',
  UNBALANCED_BOOKS: 'An account does not balance. This is a fault of Waybill: please report it.',
  AGENT_UNREACHABLE: 'No running agent answers at the address or in the data directory given.',
  DATA_DIR_IN_USE: 'Another agent is running with the same data directory.',
  BUFFER_IN_USE: 'Another process has the directory of a disk buffer.',
  BUFFER_KEY: 'A disk buffer is encrypted with a key that was not given; it is left as it is.',
  BUFFER_NEWER: 'A disk buffer was written by a newer version of Waybill; it is left as it is.',
} as const

export type ErrorCode = keyof typeof errorCodes

export interface WaybillErrorOptions {
  /** What to do about it, as a command or an instruction. */
  readonly hint?: string
  /** Where: a file with line and column, or a path inside a configuration. */
  readonly at?: string
  readonly cause?: unknown
}

/** A mistake that somebody can mend: `message` says what happened, `at` where, `hint` what to do. */
export class WaybillError extends Error {
  override readonly name = 'WaybillError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly at: string | undefined

  constructor(code: ErrorCode, message: string, { hint, at, cause }: WaybillErrorOptions = {}) {
    super(message, cause === undefined ? {} : { cause })
    this.code = code
    this.hint = hint
    this.at = at
  }

  /** One line for a person: where, what, what to do. */
  explain(): string {
    return `${this.at ? `${this.at}: ` : ''}${this.message}${this.hint ? `; ${this.hint}` : ''}`
  }
}
