import { type Message, MessageEncoder, MessageTemplate, messageIds, withTwins } from '../../codecs/messages/messages.ts'
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
import type { ProducedMessage } from './driver.ts'
import { portions } from './portions.ts'

const packages = { '@platformatic/kafka': '^2.0.0' }

export interface KafkaExporterOptions extends z.input<typeof config> {
  /** Default: `kafka`. */
  readonly name?: string
  /** Loads packages of the client. Default: those installed beside Waybill or in the working directory. */
  readonly load?: Host['load']
}

/**
 * Writes records to topics of Kafka by an idempotent producer. `ok` means that all replicas in step have every message. Messages with
 * one key are in order. Nothing that it says holds a password or token.
 */
export class KafkaExporter implements EventExporter<Batch> {
  readonly name: string
  readonly #messages: MessageEncoder
  readonly #headers: ReadonlyMap<Buffer, Buffer>
  readonly #idHeader: string
  readonly #maxBytes: number
  readonly #connection: Connection
  #last: Promise<unknown> = Promise.resolve()
  #stopped = false
  #failure: WaybillError | undefined

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'kafka', load = packageLoader(packages), ...options }: KafkaExporterOptions) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of KafkaExporter: ${z.prettifyError(parsed.error)}`)
    const { topic, key, format, headers, idHeader, maxMessageBytes } = parsed.data
    const body = bodies[format]()
    this.name = name
    this.#messages = new MessageEncoder({
      body,
      address: new MessageTemplate(topic, topicPart),
      key: key === '' ? undefined : new MessageTemplate(key, (value = '') => value),
    })
    this.#headers = new Map(
      Object.entries({ 'content-type': body.contentType, ...headers }).map(([name, value]) => [Buffer.from(name), Buffer.from(value)]),
    )
    this.#idHeader = idHeader
    this.#maxBytes = maxMessageBytes
    this.#connection = new Connection({ config: parsed.data, load })
  }

  get destination(): string {
    return this.#connection.brokers
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when no broker answers. */
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
      return await this.#watched(
        () => this.#inTurn(() => this.#produce(made.messages, made.rejected, context), context.signal),
        context.signal,
      )
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

  /** One portion after another, up to the first that fails: what comes after it is given back unsent, which keeps the order. */
  async #produce(messages: readonly Message[], unsaid: readonly Rejection[], { signal, delivery }: Context): Promise<ExportResult> {
    const ids = this.#idHeader && delivery ? idsOf(messages, delivery.id) : undefined
    const rejected = [...unsaid]
    const refused = new Set<Message>()
    const all = portions(messages, this.#maxBytes)
    for (const [at, portion] of all.entries()) {
      const error = signal.aborted ? new Error(`${this.name}: aborted before all was written`) : await this.#send(portion, ids, signal)
      if (!error) continue
      const refusal = this.#connection.objection(error)
      const [first] = portion
      if (refusal && portion.length === 1 && first!.indexes.length === 1) {
        rejected.push({ index: first!.indexes[0]!, error: refusal })
        refused.add(first!)
        continue
      }
      // Nothing is known of a part of it, and there is no part that is known to be written.
      if (at === 0 && rejected.length === 0) {
        if (refusal) return tooLarge(refusal)
        throw error
      }
      const left = all.slice(at).flat()
      const again = ids
        ? withTwins(
            messages.filter((message) => !refused.has(message)),
            left,
          )
        : left
      return partial(
        rejected,
        again.flatMap(({ indexes }) => indexes),
      )
    }
    return rejected.length > 0 ? partial(rejected) : ok
  }

  /** Undefined once it is written. What nobody waits for any more may be written all the same. */
  async #send(portion: readonly Message[], ids: Ids | undefined, signal: AbortSignal): Promise<Error | undefined> {
    const sending = this.#connection.send(portion.map((message) => this.#produced(message, ids?.get(message)))).then(() => true)
    try {
      return (await orAborted(sending, signal)) ? undefined : new Error(`${this.name}: aborted before all was written`)
    } catch (thrown) {
      return toError(thrown)
    }
  }

  #produced({ address, key, body }: Message, id: string | undefined): ProducedMessage {
    const value = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    const headers = id === undefined ? this.#headers : new Map([...this.#headers, [Buffer.from(this.#idHeader), Buffer.from(id)]])
    return { topic: address, value, headers, ...(key !== undefined && { key: Buffer.from(key) }) }
  }

  /** After what was begun before, whose failure is its own. */
  async #inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = before.then(() => promise)
    try {
      await orAborted(before, signal)
      return await work()
    } finally {
      resolve()
    }
  }

  /** Remembers for the health whether the brokers could be used. Nobody is to blame for what was broken off. */
  async #watched<T>(use: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      const used = await use()
      this.#failure = undefined
      return used
    } catch (thrown) {
      if (signal?.aborted) throw thrown
      this.#failure = this.#connection.explain(thrown)
      throw this.#failure
    }
  }
}

type Ids = ReadonlyMap<Message, string>

function idsOf(messages: readonly Message[], deliveryId: string): Ids {
  const ids = messageIds(deliveryId, messages)
  return new Map(messages.map((message, at) => [message, ids[at]!]))
}

/** What a topic cannot hold becomes `_`, and so does nothing at all. */
const topicPart = (value = ''): string => value.replace(/[^\w.-]/g, '_').slice(0, 200) || '_'

/** Writes all signals to Kafka. */
export default defineExporter({
  type: 'kafka',
  summary: 'Writes records to topics of Apache Kafka.',
  stability: 'beta',
  signals,
  requires: packages,
  config,
  ordered: 'all',
  traits: {
    formats: 'JSON, JSON lines, OTLP, arrays of arrays',
    compression: 'gzip, snappy, LZ4, zstd',
    authentication: 'SASL PLAIN, SCRAM, OAUTHBEARER, client certificate',
    order: 'as given, for each key',
    repeats: 'within a try once, from a later one twice, with the same `id_header`',
    limits: 'max_message_bytes, in portions',
    tested: 'Apache Kafka 3.9, read with librdkafka',
  },
  create: ({ name, config, host }) => new KafkaExporter({ ...revealed(config), name, load: host.load }),
})
