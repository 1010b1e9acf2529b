import { type Message, MessageEncoder, MessageTemplate } from '../../codecs/messages/messages.ts'
import { revealed } from '../../http/revealed.ts'
import { packageLoader } from '../../packages/package-loader.ts'
import {
  type Batch,
  type Context,
  createContext,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  type Host,
  healthy,
  ok,
  orAborted,
  partial,
  type Rejection,
  recordsOf,
  reject,
  retry,
  signals,
  toError,
  tooLarge,
  unhealthy,
  WaybillError,
  z,
} from '../../sdk.ts'
import { bodies } from './bodies.ts'
import { config } from './config.ts'
import { Connection } from './connection.ts'
import { publishAll } from './publish-all.ts'

const packages = { '@nats-io/transport-node': '^3.0.0', '@nats-io/jetstream': '^3.0.0' }

export interface NatsExporterOptions extends z.input<typeof config> {
  /** Default: `nats`. */
  readonly name?: string
  /** Loads packages of the client. Default: those installed beside Waybill or in the working directory. */
  readonly load?: Host['load']
}

/**
 * Publishes records to NATS JetStream. `ok` means that a stream has stored every message. Those of a buffer carry an id, the same for
 * every try, so that the server drops what it has already. Nothing that it says holds a password, token or seed.
 */
export class NatsExporter implements EventExporter<Batch> {
  readonly name: string
  readonly #messages: MessageEncoder
  readonly #connection: Connection
  #stopped = false
  #failure: WaybillError | undefined

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'nats', load = packageLoader(packages), ...options }: NatsExporterOptions) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of NatsExporter: ${z.prettifyError(parsed.error)}`)
    const { subject, format } = parsed.data
    const body = bodies[format]()
    this.name = name
    this.#messages = new MessageEncoder({ body, address: new MessageTemplate(subject, subjectPart) })
    this.#connection = new Connection({ config: parsed.data, contentType: body.contentType, load })
  }

  get destination(): string {
    return this.#connection.servers
  }

  /** Connects, and makes the stream where there is none. Rejects with WaybillError `DESTINATION_UNAVAILABLE`. */
  async start(): Promise<void> {
    this.#stopped = false
    await this.#watched(() => this.#connection.open())
  }

  async export(_time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    if (recordsOf(batch).length === 0) return ok
    let made: ReturnType<MessageEncoder['encode']>
    try {
      made = this.#messages.encode(batch)
    } catch (thrown) {
      return reject(toError(thrown))
    }
    try {
      return await this.#watched(() => this.#publish(made.messages, made.rejected, context), context.signal)
    } catch (thrown) {
      if (context.signal.aborted) return retry(toError(thrown))
      return retry(toError(thrown), { scope: 'destination' })
    }
  }

  async stop({ signal }: Pick<Context, 'signal'> = createContext()): Promise<void> {
    this.#stopped = true
    await orAborted(this.#connection.close(), signal)
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    return this.#failure ? unhealthy(this.#failure.explain()) : healthy
  }

  async #publish(messages: readonly Message[], unsaid: readonly Rejection[], { signal, delivery }: Context): Promise<ExportResult> {
    const limit = await orAborted(this.#connection.maxPayload(), signal)
    if (limit === undefined) throw new Error(`${this.name}: aborted before it was connected`)
    const fits = ({ body }: Message) => body.length <= limit
    const tooLong = new Error(`the server takes no message of more than ${limit} bytes`)
    const large = messages.filter((message) => !fits(message)).map((message) => ({ message, error: tooLong }))
    if (large.some(({ message }) => message.indexes.length > 1)) return tooLarge(tooLong)
    const { stored, refused, again, failure } = await publishAll(messages.filter(fits), {
      publish: ({ address, body }, id) => this.#connection.publish(address, body, id),
      signal,
      deliveryId: delivery?.id,
    })
    const single = [...large, ...refused].filter(({ message }) => message.indexes.length === 1)
    const several = refused.filter(({ message }) => message.indexes.length > 1)
    const rejected = [
      ...unsaid,
      ...single.map(({ message, error }) => ({ index: message.indexes[0]!, error: this.#connection.told(error) })),
    ]
    if (stored === 0 && rejected.length === 0) {
      if (failure) throw failure
      // What is too much for the stream may be less in smaller pieces, which can only be said of everything.
      if (several[0]) return tooLarge(this.#connection.told(several[0].error))
    }
    const retried = [...several.map(({ message }) => message), ...again].flatMap(({ indexes }) => indexes)
    return rejected.length + retried.length > 0
      ? partial(
          rejected,
          retried.toSorted((a, b) => a - b),
        )
      : ok
  }

  /** Remembers for the health whether the server could be used. Nobody is to blame for what was broken off. */
  async #watched<T>(use: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      const used = await use()
      this.#failure = undefined
      return used
    } catch (thrown) {
      if (signal?.aborted) throw new Error(`${this.name}: aborted before anything was stored`)
      this.#failure = await this.#connection.explain(thrown)
      throw this.#failure
    }
  }
}

/** A name with dots is several parts of a subject; a label is one. What a subject cannot hold, and nothing at all, becomes `_`. */
const subjectPart = (value: string | undefined, field: string): string => {
  const usable = (value ?? '').replace(/[\s*>\p{Cc}]/gu, '_')
  const parts = field === 'name' ? usable.split('.') : [usable.replaceAll('.', '_')]
  return parts.map((part) => part || '_').join('.')
}

/** Publishes all signals to JetStream. */
export default defineExporter({
  type: 'nats',
  summary: 'Publishes records to NATS JetStream, each stored once.',
  stability: 'beta',
  signals,
  requires: packages,
  config,
  traits: {
    formats: 'JSON, JSON lines, OTLP',
    compression: 'none',
    authentication: 'user, token, NKey, JWT, client certificate',
    order: 'as given',
    repeats: 'once, within the stream’s window for duplicates',
    limits: 'max_payload of the server; several records in halves',
    tested: 'NATS 2.9, read with its own client',
  },
  create: ({ name, config, host }) => new NatsExporter({ ...revealed(config), name, load: host.load }),
})
