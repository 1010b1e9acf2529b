/** What is used of the package `@platformatic/kafka`, which is loaded only where it is needed. */

export interface Driver {
  readonly Producer: new (options: ProducerOptions) => Producer
  /** The partition that Kafka's own clients choose for a key, before it is brought into range. */
  compatibilityPartitioner(message: unknown, key: Buffer): number
}

export interface ProducerOptions {
  readonly clientId: string
  readonly bootstrapBrokers: string[]
  readonly idempotent: true
  readonly autocreateTopics: boolean
  readonly compression: string
  /** Tries of one request after the first, all with the same sequence numbers. */
  readonly retries: number
  readonly retryDelay: number
  readonly timeout: number
  readonly connectTimeout: number
  readonly requestTimeout: number
  readonly partitioner: (message: unknown, key: Buffer | undefined) => number
  readonly sasl?: { readonly mechanism: string; readonly username?: string; readonly password?: string; readonly token?: string }
  readonly tls?: object
}

export interface Producer {
  /** Asks what brokers there are. */
  metadata(options: { topics: string[] }): Promise<unknown>
  /** Resolves when every broker in question has all of it, on all replicas that are in step. */
  send(options: { messages: readonly ProducedMessage[] }): Promise<unknown>
  close(force?: boolean): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
}

export interface ProducedMessage {
  readonly topic: string
  readonly key?: Buffer
  readonly value: Buffer
  readonly headers: ReadonlyMap<Buffer, Buffer>
}
