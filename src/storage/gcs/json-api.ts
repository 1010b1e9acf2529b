import { userAgent } from '../../http/user-agent.ts'
import { type Host, orAborted } from '../../sdk.ts'
import { accountIn, type GcsConfig } from './config.ts'
import type { AuthClient, GcsModule } from './driver.ts'

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly signal: AbortSignal | undefined
}

/** The service answered with an error. */
export class ApiError extends Error {
  readonly status: number
  /** Such as `forbidden`; empty where it gave none. */
  readonly reason: string
  readonly retryAfter: string | null

  constructor(message: string, { status, headers }: Response, reason = '') {
    super(message)
    this.status = status
    this.reason = reason
    this.retryAfter = headers.get('retry-after')
  }
}

const google = 'https://storage.googleapis.com'

/**
 * The JSON API of Google Cloud Storage (https://cloud.google.com/storage/docs/json_api/v1). Credentials are the business of
 * Google's own client; its requests are not used, for they cannot be aborted.
 */
export class JsonApi {
  readonly #config: GcsConfig
  readonly #load: Host['load']
  readonly #fetch: typeof globalThis.fetch
  #auth: Promise<AuthClient> | undefined

  constructor(config: GcsConfig, { load, fetch }: Pick<Host, 'load' | 'fetch'>) {
    this.#config = config
    this.#load = load
    this.#fetch = fetch
  }

  /**
   * Asks at a path of the service, or at a whole address. Resolves when the answer begins, with one of 2xx or 308. Rejects with
   * ApiError for any other, and with what `fetch` throws.
   */
  async ask(path: string, { method = 'GET', query = {}, headers = {}, body, signal }: ApiRequest): Promise<Response> {
    const { endpoint = google, timeout } = this.#config
    const url = new URL(path, endpoint)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const token = await this.#token(signal)
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new Error(`no answer within ${timeout / 1000} s`)), timeout)
    try {
      const response = await this.#fetch(url, {
        method,
        headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }), 'user-agent': userAgent },
        ...(body && { body: body as Uint8Array<ArrayBuffer> }),
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
        redirect: 'manual',
      })
      if (response.ok || response.status === 308) return response
      throw await errorIn(response)
    } finally {
      clearTimeout(timer)
    }
  }

  /** Undefined for a service elsewhere that nothing is to be shown to. */
  async #token(signal: AbortSignal | undefined): Promise<string | undefined> {
    const { endpoint = google, serviceAccount } = this.#config
    if (!serviceAccount && !/(^|\.)googleapis\.com$/.test(new URL(endpoint).hostname)) return undefined
    this.#auth ??= this.#authClient().catch((thrown: unknown) => {
      this.#auth = undefined
      throw thrown
    })
    const asking = this.#auth.then((auth) => auth.getAccessToken())
    const token = await (signal ? orAborted(asking, signal) : asking)
    signal?.throwIfAborted()
    return token ?? undefined
  }

  async #authClient(): Promise<AuthClient> {
    const { Storage } = await this.#load<GcsModule>('@google-cloud/storage')
    const { serviceAccount } = this.#config
    const credentials = serviceAccount && accountIn(serviceAccount.reveal())
    return new Storage(credentials ? { credentials } : {}).authClient
  }
}

/** `{ error: { message, errors: [{ reason }] } }`; a proxy before the service may say anything. */
async function errorIn(response: Response): Promise<ApiError> {
  const text = await response.text()
  try {
    const { message, errors } = (JSON.parse(text) as { error: { message: string; errors?: readonly { reason?: string }[] } }).error
    return new ApiError(message, response, errors?.[0]?.reason)
  } catch {
    return new ApiError(text, response)
  }
}
