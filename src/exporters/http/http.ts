import { createHash } from 'node:crypto'
import { type Headers, HttpDestination, revealed } from '../../http/index.ts'
import {
  type Batch,
  type Context,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  ok,
  orAborted,
  recordsOf,
  reject,
  retry,
  signals,
  toError,
  WaybillError,
  z,
} from '../../sdk.ts'
import { type Config, config } from './config.ts'
import { mapped } from './mapping.ts'
import { type Payload, PayloadEncoder } from './payload.ts'

export interface HttpExporterOptions extends z.input<typeof config> {
  /** Default: `http`. */
  readonly name?: string
  /** What to send for a batch in place of its records: anything that JSON.stringify can say, or a promise of it. */
  readonly payloadTransformer?: (batch: Batch) => unknown
}

/**
 * Sends each batch as one HTTP request. `ok` means that the server answered 2xx. It holds nothing and tries nothing again, but for
 * one request with a new token after a 401. Nothing that it says holds a key, a password, a header or the query of the endpoint.
 */
export class HttpExporter implements EventExporter<Batch> {
  readonly name: string
  readonly #config: Config
  readonly #payloads: PayloadEncoder
  readonly #destination: HttpDestination

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'http', payloadTransformer, ...options }: HttpExporterOptions) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of HttpExporter: ${z.prettifyError(parsed.error)}`)
    const { endpoint, mapping, format } = parsed.data
    if (mapping !== undefined && payloadTransformer)
      throw new WaybillError('INVALID_OPTION', 'options of HttpExporter: mapping and payloadTransformer would both make the payload')
    this.name = name
    this.#config = parsed.data
    this.#payloads = new PayloadEncoder({ format, transform: payloadTransformer ?? (mapping ? mapped(mapping) : undefined) })
    this.#destination = new HttpDestination({ ...parsed.data, url: endpoint, addressOption: 'endpoint', advice })
  }

  get destination(): string {
    return this.#destination.address
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  start(context: Context): Promise<void> {
    return this.#destination.start(context)
  }

  async export(_time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    if (recordsOf(batch).length === 0) return ok
    let payload: Payload | undefined
    try {
      payload = await orAborted(this.#payloads.encode(batch), context.signal)
    } catch (thrown) {
      return reject(new Error(`${this.name} could not make a payload: ${this.#destination.redact(toError(thrown).message)}`))
    }
    if (!payload) return retry(new Error(`${this.name}: aborted before there was a payload`))
    const { contentType } = this.#payloads
    const headers = this.#idempotencyKey(payload, context)
    const { result } = await this.#destination.send({ method: this.#config.method, body: payload.body, contentType, headers }, context)
    return result
  }

  /** Lets what is under way be answered, until the signal aborts. */
  stop(context: Context): Promise<void> {
    return this.#destination.stop(context)
  }

  health(): HealthStatus {
    return this.#destination.health()
  }

  /**
   * The same for every try of the same records, and for no others: what is left of a delivery goes by the same id and is
   * another request.
   */
  #idempotencyKey({ lines }: Payload, { delivery }: Context): Headers {
    if (!delivery) return {}
    const digest = createHash('sha256').update(lines).digest('hex').slice(0, 16)
    return { [this.#config.idempotencyHeader]: `${delivery.id}-${digest}` }
  }
}

const advice = {
  401: 'check the credentials under auth or headers',
  403: 'see what the credentials under auth or headers allow',
  404: 'check the path of endpoint',
  405: 'check method',
  415: 'check format, compression and the header Content-Type',
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
  traits: {
    formats: 'JSON array, JSON lines, or what a JSONata expression makes',
    compression: 'gzip, zstd',
    authentication: 'API key, bearer, basic, OAuth 2.0, client certificate',
    order: 'as given',
    repeats: '`Idempotency-Key`, for the server to tell',
    limits: 'by 413, in halves',
    tested: 'servers of the tests',
  },
  create: ({ name, config }) => new HttpExporter({ ...revealed(config), name }),
})
