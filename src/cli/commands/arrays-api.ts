import { WaybillError } from '../../core/errors.ts'
import { toError } from '../../core/result.ts'
import { textIn } from './text-in.ts'

/** How a command finds the arrays. */
export interface ArraysApiOptions {
  readonly api: string
  readonly tokenFile?: string
}

/** A registered array, as far as it is shown. */
export interface ListedArray {
  readonly id: string
  readonly name: string | null
  readonly vendor: string | null
  readonly model: string | null
  readonly serial_number: string | null
  readonly status: string | null
  readonly sync_status: string | null
  readonly total_capacity: number | null
  readonly used_capacity: number | null
}

const pageSize = 1000

/** What to do about an error of the API. */
const hints: Readonly<Record<string, string>> = {
  StorageAlreadyExists: 'waybill arrays list shows it',
  StorageDriverNotFound: 'waybill plugins lists the drivers, with a configuration those of its plugins too',
}

/** The REST API of storage arrays. Everything throws WaybillError `SOURCE_UNAVAILABLE` where it does not answer, or refuses. */
export class ArraysApi {
  readonly #base: string
  readonly #token: string | undefined

  constructor({ api, tokenFile }: ArraysApiOptions) {
    this.#base = `${api.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`
    this.#token = tokenFile === undefined ? process.env.WAYBILL_API_TOKEN : textIn(tokenFile, '--token-file')
  }

  async list(query: Readonly<Record<string, string>> = {}): Promise<readonly ListedArray[]> {
    const found: ListedArray[] = []
    for (;;) {
      const page = new URLSearchParams({ ...query, sort: 'created_at:asc', limit: String(pageSize), offset: String(found.length) })
      const { storages } = (await this.ask('GET', `/storages?${page}`)) as { readonly storages: readonly ListedArray[] }
      found.push(...storages)
      if (storages.length < pageSize) return found
    }
  }

  /** The one array that has this id, begins with it, or has it for a name. Throws WaybillError `INVALID_OPTION` otherwise. */
  async find(given: string): Promise<ListedArray> {
    const all = await this.list()
    const whole = all.find(({ id }) => id === given)
    const found = whole ? [whole] : all.filter(({ id, name }) => id.startsWith(given) || name === given)
    if (found.length === 1) return found[0]!
    const which = found.length === 0 ? `no array is ${given}` : `${found.length} arrays are ${given}`
    throw new WaybillError('INVALID_OPTION', which, { hint: 'waybill arrays list shows their ids' })
  }

  /** What it answers, undefined when that is nothing. `path` begins with a slash. */
  async ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.#base + path, {
      method,
      headers: {
        ...(this.#token && { authorization: `Bearer ${this.#token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((thrown: unknown) => {
      const { cause, message } = toError(thrown)
      throw this.#unavailable((cause as Error | undefined)?.message || message, 'check that waybill arrays serve runs, and --api')
    })
    if (response.status === 401) throw this.#unavailable('it asks for a token', 'give it with --token-file or WAYBILL_API_TOKEN')
    const text = await response.text()
    const answer = parsed(text)
    if (response.ok && (text === '' || answer !== undefined)) return answer
    const { error_msg, error_code = '' } = (answer ?? {}) as { readonly error_msg?: string; readonly error_code?: string }
    if (error_msg === undefined) throw this.#unavailable(`status ${response.status}, and no answer of arrays`, 'check --api')
    throw this.#unavailable(error_msg.replace(/\.$/, ''), hints[error_code])
  }

  #unavailable(why: string, hint: string | undefined): WaybillError {
    return new WaybillError('SOURCE_UNAVAILABLE', `the arrays at ${this.#base}: ${why}`, { ...(hint !== undefined && { hint }) })
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}
