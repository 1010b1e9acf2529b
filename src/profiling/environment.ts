import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { WaybillError } from '../core/errors.ts'
import { toError } from '../core/result.ts'

export interface EnvironmentOptions {
  /** Default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The text of a file; throws when it cannot be read. Default: from disk. */
  readonly readFile?: (path: string) => string
}

/**
 * Variables named `PREFIX_FIELD`, of which an empty one counts as not set. The value `file:///path` stands for what that file
 * holds, without the white space around it. Errors name the variable, and never its value.
 */
export class Environment {
  readonly #prefixes: readonly string[]
  readonly #env: Readonly<Record<string, string | undefined>>
  readonly #readFile: (path: string) => string

  /** Of several prefixes, the first that has a variable wins. */
  constructor(prefixes: readonly string[], options: EnvironmentOptions = {}) {
    this.#prefixes = prefixes
    this.#env = options.env ?? process.env
    this.#readFile = options.readFile ?? ((path) => readFileSync(path, 'utf8'))
  }

  /** The variable that a field is read from, or would be: `batchSize` and `batch_size` are `PREFIX_BATCH_SIZE`. */
  variable(field: string): string {
    const upper = field.replace(/[A-Z]/g, '_$&').toUpperCase()
    const names = this.#prefixes.map((prefix) => `${prefix}_${upper}`)
    return names.find((name) => this.#env[name]) ?? names[0]!
  }

  /** Undefined when it is not set. Throws WaybillError `CONFIG_UNREADABLE_SECRET`. */
  text(field: string): string | undefined {
    const variable = this.variable(field)
    const value = this.#env[variable] || undefined
    return value?.startsWith('file://') ? this.#fromFile(variable, value) : value
  }

  /** Throws WaybillError `CONFIG_UNDEFINED_VARIABLE` when it is not set. */
  required(field: string): string {
    const value = this.text(field)
    if (value !== undefined) return value
    throw new WaybillError('CONFIG_UNDEFINED_VARIABLE', `the environment variable ${this.variable(field)} is not set`, {
      hint: 'set it, or let it name a file with the value: file:///path',
    })
  }

  number(field: string): number | undefined {
    const text = this.text(field)
    if (text === undefined) return undefined
    const number = text.trim() === '' ? Number.NaN : Number(text)
    if (Number.isNaN(number)) throw this.invalid(field, 'is not a number')
    return number
  }

  /** true, yes, 1 and on are true, in whatever case; everything else is false. */
  boolean(field: string): boolean | undefined {
    const text = this.text(field)
    return text === undefined ? undefined : /^\s*(true|yes|1|on)\s*$/i.test(text)
  }

  /** With commas between its parts. */
  list(field: string): readonly string[] | undefined {
    const parts = this.text(field)?.split(',')
    return parts?.map((part) => part.trim()).filter((part) => part !== '')
  }

  /** `name=value`, with commas between them. */
  dictionary(field: string): Readonly<Record<string, string>> | undefined {
    const parts = this.list(field)?.map((part) => /^([^=]*[^=\s])\s*=\s*(.*)$/s.exec(part) ?? undefined)
    if (parts?.includes(undefined)) throw this.invalid(field, 'is not a list of name=value')
    return parts && Object.fromEntries(parts.map((match) => [match![1]!, match![2]!]))
  }

  /** A number of seconds in `FIELD_SECONDS`, or a duration with its unit in `FIELD`. */
  duration(field: string): string | undefined {
    const seconds = this.number(`${field}_seconds`)
    return seconds === undefined ? this.text(field) : `${seconds}s`
  }

  /** The error that a variable has a wrong value. */
  invalid(field: string, problem: string): WaybillError {
    return new WaybillError('INVALID_OPTION', `the environment variable ${this.variable(field)} ${problem}`)
  }

  #fromFile(variable: string, url: string): string {
    let path = url
    let content: string
    try {
      path = fileURLToPath(url)
      content = this.#readFile(path).trim()
    } catch (thrown) {
      const { code = 'unreadable' } = toError(thrown) as NodeJS.ErrnoException
      throw new WaybillError('CONFIG_UNREADABLE_SECRET', `cannot read the file ${path} that ${variable} names (${code})`, {
        hint: 'check that it exists and that this user may read it',
      })
    }
    if (content !== '') return content
    throw new WaybillError('CONFIG_UNREADABLE_SECRET', `the file ${path} that ${variable} names is empty`, {
      hint: 'write the value into it',
    })
  }
}
