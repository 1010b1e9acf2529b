import { createHash } from 'node:crypto'
import {
  type Batch,
  type Context,
  defineExporter,
  type EventExporter,
  type ExportResult,
  fromHttpStatus,
  type HealthStatus,
  healthy,
  ok,
  orAborted,
  parseRetryAfter,
  recordsOf,
  reject,
  retry,
  signals,
  toError,
  unhealthy,
  WaybillError,
  z,
} from '../../sdk.ts'
import { type Authorization, authorizationOf } from './authorization.ts'
import { type Config, config } from './config.ts'
import { type Answer, Connection } from './connection.ts'
import { type Headers, overridden } from './headers.ts'
import { mapped } from './mapping.ts'
import { type Payload, PayloadEncoder } from './payload.ts'
import { RateLimit } from './rate-limit.ts'
import { redact } from './redact.ts'
import { refusal } from './refusal.ts'
import { revealed, secretsIn, secretsOf } from './secrets.ts'
import { Unavailable } from './unavailable.ts'

export interface HttpExporterOptions extends z.input<typeof config> {
  /** Default: `http`. */
  readonly name?: string
  /** What to send for a batch in place of its records: anything that JSON.stringify can say, or a promise of it. */
  readonly payloadTransformer?: (batch: Batch) => unknown
}

/** An answer, and the headers that showed who asked. */
interface Exchange {
  readonly answer: Answer
  readonly authorization: Headers
}

/**
 * Sends each batch as one HTTP request. `ok` means that the server answered 2xx. It holds nothing and tries nothing again, but for
 * one request with a new token after a 401. Nothing that it says holds a key, a password, a header or the query of the endpoint.
 */
export class HttpExporter implements EventExporter<Batch> {
  readonly name: string
  readonly #config: Config
  readonly #url: URL
  readonly #payloads: PayloadEncoder
  readonly #headers: Headers
  readonly #connection: Connection
  readonly #authorization: Authorization
  readonly #rateLimit: RateLimit | undefined
  readonly #secrets: readonly string[]
  #stopped = false
  #failure: Error | undefined

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'http', payloadTransformer, ...options }: HttpExporterOptions) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of HttpExporter: ${z.prettifyError(parsed.error)}`)
    const { endpoint, auth, headers, mapping, format, compression, rateLimit, tls } = parsed.data
    if (mapping !== undefined && payloadTransformer)
      throw new WaybillError('INVALID_OPTION', 'options of HttpExporter: mapping and payloadTransformer would both make the payload')
    this.name = name
    this.#config = parsed.data
    this.#url = new URL(endpoint)
    this.#payloads = new PayloadEncoder({ format, compression, transform: payloadTransformer ?? (mapping ? mapped(mapping) : undefined) })
    this.#headers = overridden({ 'User-Agent': 'waybill', ...this.#payloads.headers }, revealed(headers))
    this.#connection = new Connection(this.#url, parsed.data)
    this.#authorization = authorizationOf(
      auth,
      this.#url,
      (url) => new Connection(url, { ...parsed.data, tls: { ...tls, serverName: undefined } }),
    )
    this.#rateLimit = rateLimit === undefined ? undefined : new RateLimit(rateLimit)
    this.#secrets = secretsOf(parsed.data)
  }

  get destination(): string {
    return this.#connection.address
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  async start({ log }: Context): Promise<void> {
    this.#stopped = false
    try {
      await this.#connection.open()
      this.#failure = undefined
    } catch (thrown) {
      this.#failure = toError(thrown)
      throw thrown
    }
    if (this.#config.tls.insecure) log.warn('any certificate is taken for that of the server', { destination: this.destination })
  }

  async export(_time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    if (recordsOf(batch).length === 0) return ok
    const { signal } = context
    let payload: Payload | undefined
    try {
      payload = await orAborted(this.#payloads.encode(batch), signal)
    } catch (thrown) {
      return reject(new Error(`${this.name} could not make a payload: ${redact(toError(thrown).message, this.#secrets)}`))
    }
    try {
      if (payload) return this.#settle(await this.#exchange(payload, context), context)
    } catch (thrown) {
      if (!signal.aborted) return this.#unavailable(toError(thrown))
    }
    return retry(new Error(`${this.name}: aborted before ${this.destination} had answered`))
  }

  /** Lets what is under way be answered, until the signal aborts. */
  async stop({ signal }: Context): Promise<void> {
    this.#stopped = true
    await Promise.all([this.#connection.close(signal), this.#authorization.close?.(signal)])
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    if (!this.#failure) return healthy
    return unhealthy(this.#failure instanceof WaybillError ? this.#failure.explain() : this.#failure.message)
  }

  async #exchange(payload: Payload, context: Context): Promise<Exchange> {
    const headers = { ...this.#headers, ...this.#idempotencyKey(payload, context) }
    const exchange = await this.#request(payload.body, headers, context)
    const renewed = exchange.answer.status === 401 && this.#authorization.renew?.(exchange.authorization)
    return renewed ? this.#request(payload.body, headers, context) : exchange
  }

  async #request(body: Uint8Array, headers: Headers, context: Context): Promise<Exchange> {
    this.#goOn(context)
    const authorization = await this.#authorization.headers(context)
    await this.#rateLimit?.turn(context)
    this.#goOn(context)
    const { method } = this.#config
    const answer = await this.#connection.send({ method, headers: { ...headers, ...authorization }, body }, context)
    return { answer, authorization }
  }

  #goOn({ signal }: Context): void {
    signal.throwIfAborted()
    if (this.#stopped) throw new Error(`${this.name} is stopped`)
  }

  /**
   * The same for every try of the same records, and for no others: what is left of a delivery, or half of what was too large, goes by
   * the same id and is another request.
   */
  #idempotencyKey({ lines }: Payload, { delivery }: Context): Headers {
    if (!delivery) return {}
    const digest = createHash('sha256').update(lines).digest('hex').slice(0, 16)
    return { [this.#config.idempotencyHeader]: `${delivery.id}-${digest}` }
  }

  #settle({ answer, authorization }: Exchange, { clock }: Context): ExportResult {
    const { method, retryOnStatusCodes } = this.#config
    const { status, headers } = answer
    const accepted = status >= 200 && status < 300
    const secrets = [...this.#secrets, ...secretsIn(authorization)]
    const message = accepted ? '' : refusal({ method, url: this.#url, answer, secrets })
    const retryAfterMs = parseRetryAfter(String(headers['retry-after'] ?? ''), clock.now())
    const result = fromHttpStatus(status, message, retryAfterMs, retryOnStatusCodes && { retryOnStatusCodes })
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

/** The same under the name that its first users know. */
export { HttpExporter as HTTPExporter }

/** Sends all signals as JSON to an HTTP API. */
export default defineExporter({
  type: 'http',
  summary: 'Sends records as JSON, or what an expression makes of them, to any HTTP API.',
  stability: 'beta',
  signals,
  config,
  create: ({ name, config }) => new HttpExporter({ ...revealed(config), name }),
})
