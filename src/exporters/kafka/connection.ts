import { tlsOptions } from '../../http/tls.ts'
import { type Host, Secret, WaybillError } from '../../sdk.ts'
import type { Config } from './config.ts'
import type { Driver, ProducedMessage, Producer, ProducerOptions } from './driver.ts'
import { objection, unavailable } from './failure.ts'

export interface ConnectionOptions {
  readonly config: Config
  readonly load: Host['load']
}

/** A request is tried again by the producer itself, since only so the broker can tell that it has it already. */
const again = { retries: 2, retryDelay: 200 }

const mechanisms = { plain: 'PLAIN', scram_sha_256: 'SCRAM-SHA-256', scram_sha_512: 'SCRAM-SHA-512', oauthbearer: 'OAUTHBEARER' } as const

/** An idempotent producer for a cluster, made when it is needed. */
export class Connection {
  readonly brokers: string
  readonly #options: ConnectionOptions
  readonly #secrets: readonly string[]
  #producer: Promise<Producer> | undefined
  #closed = false
  #turn = 0

  constructor(options: ConnectionOptions) {
    const { brokers, sasl } = options.config
    this.brokers = brokers.join(', ')
    this.#options = options
    this.#secrets = Object.values(sasl).flatMap((value) => (value instanceof Secret ? [value.reveal()] : []))
  }

  /** After a close too. Rejects with WaybillError `DESTINATION_UNAVAILABLE` when no broker answers. */
  async open(): Promise<void> {
    this.#closed = false
    try {
      await (await this.#opened()).metadata({ topics: [] })
    } catch (thrown) {
      throw this.explain(thrown)
    }
  }

  /** Resolves when the brokers have all of it. */
  async send(messages: readonly ProducedMessage[]): Promise<void> {
    await (await this.#opened()).send({ messages })
  }

  /** Why sending has failed, for a person. */
  explain = (thrown: unknown): WaybillError => unavailable(this.brokers, thrown, this.#secrets)

  /** What is wrong with the messages; undefined when it is the brokers. */
  objection = (thrown: unknown): Error | undefined => objection(thrown, this.#secrets)

  async close(): Promise<void> {
    this.#closed = true
    const producer = this.#producer
    this.#producer = undefined
    await producer?.then((producer) => producer.close(true)).catch(() => {})
  }

  #opened(): Promise<Producer> {
    if (this.#closed) throw new WaybillError('DESTINATION_UNAVAILABLE', `the connection to ${this.brokers} is closed`)
    this.#producer ??= this.#make()
    this.#producer.catch(() => {
      this.#producer = undefined
    })
    return this.#producer
  }

  async #make(): Promise<Producer> {
    const { load, config } = this.#options
    const { Producer, compatibilityPartitioner } = await load<Driver>('@platformatic/kafka')
    const { brokers, clientId, autocreateTopics, compression, timeout, tls } = config
    const sasl = this.#sasl()
    const producer = new Producer({
      ...{ clientId, bootstrapBrokers: brokers, idempotent: true, autocreateTopics, compression, ...again },
      ...{ timeout, connectTimeout: timeout, requestTimeout: timeout },
      partitioner: (message, key) => (key ? compatibilityPartitioner(message, key) : this.#turn++),
      ...(sasl && { sasl }),
      ...(tls && { tls: await tlsOptions(tls) }),
    })
    // What a connection has to tell is told by the request that it fails.
    producer.on('error', () => {})
    return producer
  }

  #sasl(): ProducerOptions['sasl'] | undefined {
    const { sasl } = this.#options.config
    if (sasl.type === 'none') return undefined
    const mechanism = mechanisms[sasl.type]
    if (sasl.type === 'oauthbearer') return { mechanism, token: sasl.token.reveal() }
    return { mechanism, username: sasl.username, password: sasl.password.reveal() }
  }
}
