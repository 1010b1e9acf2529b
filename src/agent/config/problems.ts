import { type ErrorCode, WaybillError } from '../../core/errors.ts'

/** A path inside a configuration, as it is written there. */
export type Path = readonly (string | number)[]

/** One mistake in a configuration file. */
export interface Problem {
  readonly code: ErrorCode
  readonly path: Path
  /** What is wrong, and what was expected. */
  readonly message: string
  readonly hint?: string
  /** Whether it is about the key at the end of the path rather than about its value. */
  readonly ofKey?: boolean
  /** From 1. */
  readonly line?: number
  readonly column?: number
}

/** `exporters[1].config.listen` */
export const showPath = (path: Path): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('')

/** `waybill.yaml:12:5: exporters[1].config.listen: expected text, not a number; write …` */
export function showProblem(file: string, { path, line, column, message, hint }: Problem): string {
  const where = [file, ...(line === undefined ? [] : [line, column])].join(':')
  return `${where}: ${path.length > 0 ? `${showPath(path)}: ` : ''}${message}${hint ? `; ${hint}` : ''}`
}

/** A configuration that was refused, with everything that is wrong with it. */
export class ConfigError extends WaybillError {
  readonly problems: readonly Problem[]

  constructor(file: string, problems: readonly Problem[]) {
    const sorted = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
    super('INVALID_CONFIG', sorted.map((problem) => showProblem(file, problem)).join('\n'))
    this.problems = sorted
  }
}
