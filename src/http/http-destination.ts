import {
  type Context,
  type ExportResult,
  fromHttpStatus,
  type HealthStatus,
  healthy,
  parseRetryAfter,
  retry,
  toError,
  unhealthy,
  WaybillError,
} from '../sdk.ts'
import { type Authorization, authorizationOf } from './authorization.ts'
import { type Compression, compressions } from './compression.ts'
import { type Answer, Connection, type Method } from './connection.ts'
import { type Headers, overridden } from './headers.ts'
import { type AuthSettings, type HttpSettings, httpDefaults } from './options.ts'
import { publicUrl } from './public-url.ts'
import { RateLimit } from './rate-limit.ts'
import { redact } from './redact.ts'
import { type Advice, refusal } from './refusal.ts'
import { revealed } from './revealed.ts'
import { secretsIn, secretsOf } from './secrets.ts'
import { Unavailable } from './unavailable.ts'
import { userAgent } from './user-agent.ts'

/** The checked values of `httpOptions`, each with the default there, and what the exporter knows of its API. */
export interface HttpDestinationOptions extends Partial<HttpSettings> {
  /** Where requests go: a path is put in front of those of the requests, a query is sent with each. */
  readonly url: string
  /** Default: none, or the user name and password in `url`. */
  readonly auth?: AuthSettings
  /** Of every body. Default: none. */
  readonly compression?: Compression
  /** The option that holds the address, for messages. Default: `url`. */
  readonly addressOption?: string
  /** What the user can do about an answer, by its status: the end of the message. */
  readonly advice?: Advice
  /** What an answer means where its words say more than its status; `usual` is by the status alone. */
  interpret?(answer: Answer, usual: ExportResult): ExportResult
}

type Options = HttpSettings & Required<Pick<HttpDestinationOptions, 'addressOption' | 'advice' | 'interpret'>>

export interface HttpRequest {
  /** Default: POST. */
  readonly method?: Method
  /** Begins with a slash, percent-encoded where it must be, and follows the path of `url`. Default: the address as it is. */
  readonly path?: string
  readonly query?: Readonly<Record<string, string>>
  /** Not compressed yet. */
  readonly body?: Uint8Array
  readonly contentType?: string
  /** These stand above those that the user sets. */
  readonly headers?: Headers
}

/** What became of a request. */
export interface HttpOutcome {
  /** By the table of `fromHttpStatus`, with Retry-After; a `retry` with scope `destination` when there was no answer. */
  readonly result: ExportResult
  /** Absent when there was none. */
  readonly answer?: Answer
}

interface Exchange {
  readonly method: Method
  readonly url: URL
  readonly answer: Answer
  /** The headers that showed who asked. */
  readonly authorization: Headers
}

const byStatus = (_answer: Answer, usual: ExportResult): ExportResult => usual

/**
 * An API of HTTP that an exporter sends to: connections that are kept, TLS, a proxy, authorization, compression, a limit of requests
 * and of time, and what an answer means. It tries nothing again, but for one request with a new token after a 401. Nothing that it
 * says holds a key, a password, a header or a query.
 */
export class HttpDestination {
  readonly #url: URL
  readonly #options: Options
  readonly #compression: Compression
  readonly #headers: Headers
  readonly #connection: Connection
  readonly #authorization: Authorization
  readonly #rateLimit: RateLimit | undefined
  readonly #secrets: readonly string[]
  #stopped = false
  #failure: Error | undefined

  constructor({ url, auth = { type: 'none' }, compression = 'none', ...given }: HttpDestinationOptions) {
    const options: Options = { addressOption: 'url', advice: {}, interpret: byStatus, ...httpDefaults, ...given }
    const { headers, rateLimit, tls } = options
    this.#url = new URL(url)
    this.#options = options
    this.#compression = compression
    this.#headers = revealed(headers)
    this.#connection = new Connection(this.#url, options)
    this.#authorization = authorizationOf(
      auth,
      this.#url,
      (other) => new Connection(other, { ...options, tls: { ...tls, serverName: undefined } }),
    )
    this.#rateLimit = rateLimit === undefined ? undefined : new RateLimit(rateLimit)
    this.#secrets = secretsOf({ ...options, url: this.#url, auth })
  }

  /** For people, without what may be a secret. */
  get address(): string {
    return publicUrl(this.#url)
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  async start({ log }: Pick<Context, 'log'>): Promise<void> {
    this.#stopped = false
    try {
      await this.#connection.open()
      this.#failure = undefined
    } catch (thrown) {
      this.#failure = toError(thrown)
      throw thrown
    }
    if (this.#options.tls.insecure) log.warn('any certificate is taken for that of the server', { destination: this.address })
  }

  /** Never rejects: the result tells. An abort is a `retry` that blames nobody. */
  async send(request: HttpRequest, context: Context): Promise<HttpOutcome> {
    const url = this.#urlOf(request)
    try {
      const exchange = await this.#exchange(url, request, context)
      return { answer: exchange.answer, result: this.#settle(exchange, context.clock.now()) }
    } catch (thrown) {
      if (context.signal.aborted) return { result: retry(new Error(`aborted before ${publicUrl(url)} had answered`)) }
      return { result: this.#unavailable(toError(thrown)) }
    }
  }

  /** Lets what is under way be answered, until the signal aborts. */
  async stop({ signal }: Pick<Context, 'signal'>): Promise<void> {
    this.#stopped = true
    await Promise.all([this.#connection.close(signal), this.#authorization.close?.(signal)])
  }

  /** Unhealthy, with the reason, from the first failure that is the destination’s until a request works. */
  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    if (!this.#failure) return healthy
    return unhealthy(this.#failure instanceof WaybillError ? this.#failure.explain() : this.#failure.message)
  }

  /** The beginning of a text of somebody else on one line, without the secrets of the options. */
  redact(text: string): string {
    return redact(text, this.#secrets)
  }

  #urlOf({ path, query = {} }: HttpRequest): URL {
    const url = new URL(this.#url)
    if (path !== undefined) url.pathname = url.pathname.replace(/\/+$/, '') + path
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return url
  }

  async #exchange(url: URL, { method = 'POST', body, contentType, headers }: HttpRequest, context: Context): Promise<Exchange> {
    const described = {
      'User-Agent': userAgent,
      ...(contentType !== undefined && { 'Content-Type': contentType }),
      ...(body && this.#compression !== 'none' && { 'Content-Encoding': this.#compression }),
    }
    const request = {
      method,
      url,
      headers: { ...overridden(described, this.#headers), ...headers },
      ...(body && { body: await compressions[this.#compression](body) }),
    }
    const once = async (): Promise<Exchange> => {
      this.#goOn(context)
      const authorization = await this.#authorization.headers(context)
      await this.#rateLimit?.turn(context)
      this.#goOn(context)
      const answer = await this.#connection.send({ ...request, headers: { ...request.headers, ...authorization } }, context)
      return { method, url, answer, authorization }
    }
    const exchange = await once()
    const renewed = exchange.answer.status === 401 && this.#authorization.renew?.(exchange.authorization)
    return renewed ? once() : exchange
  }

  #goOn({ signal }: Context): void {
    signal.throwIfAborted()
    if (this.#stopped) throw new Error(`the exporter to ${this.address} is stopped`)
  }

  #settle({ method, url, answer, authorization }: Exchange, nowMs: number): ExportResult {
    const { addressOption, advice, interpret, retryOnStatusCodes } = this.#options
    const { status, headers } = answer
    const secrets = [...this.#secrets, ...secretsIn(authorization)]
    const accepted = status >= 200 && status < 300
    const message = accepted ? '' : refusal({ method, url, answer, secrets, addressOption, advice })
    const retryAfterMs = parseRetryAfter(String(headers['retry-after'] ?? ''), nowMs)
    const result = interpret(answer, fromHttpStatus(status, message, retryAfterMs, retryOnStatusCodes && { retryOnStatusCodes }))
    // A server that is busy now says neither that it is out of order nor that it works again.
    if (result.status !== 'retry') this.#failure = undefined
    else if (result.scope === 'destination') this.#failure = result.error
    return result
  }

  #unavailable(error: Error): ExportResult {
    if (!this.#stopped) this.#failure = error
    const afterMs = error instanceof Unavailable ? error.afterMs : undefined
    return retry(error, { scope: 'destination', ...(afterMs !== undefined && { afterMs }) })
  }
}
