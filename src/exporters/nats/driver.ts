/** What is used of the packages `@nats-io/transport-node` and `@nats-io/jetstream`, which are loaded only where they are needed. */

export interface Transport {
  connect(options: ConnectOptions): Promise<NatsConnection>
  headers(): MessageHeaders
  usernamePasswordAuthenticator(user: string, password: string): Authenticator
  tokenAuthenticator(token: string): Authenticator
  nkeyAuthenticator(seed: Uint8Array): Authenticator
  credsAuthenticator(creds: Uint8Array): Authenticator
}

export type Authenticator = (nonce?: string) => object

export interface ConnectOptions {
  readonly servers: string[]
  readonly name: string
  readonly reconnect: false
  readonly timeout: number
  readonly authenticator?: Authenticator
  readonly tls?: object
}

export interface NatsConnection {
  /** Set once the server has told of itself. */
  readonly info?: { readonly max_payload: number }
  isClosed(): boolean
  close(): Promise<void>
  /** Ends by itself when the connection is closed. */
  status(): AsyncIterable<{ readonly type: string; readonly error?: Error }>
}

export interface MessageHeaders {
  set(name: string, value: string): void
}

export interface JetStream {
  jetstream(connection: NatsConnection, options: { timeout: number }): Publisher
  jetstreamManager(connection: NatsConnection, options: { timeout: number }): Promise<StreamApi>
}

export interface Publisher {
  /** Resolves when the stream has it. */
  publish(subject: string, body: Uint8Array, options: PublishOptions): Promise<{ readonly duplicate: boolean }>
}

export interface PublishOptions {
  readonly msgID?: string
  readonly headers: MessageHeaders
  readonly timeout: number
}

export interface StreamApi {
  readonly streams: { info(name: string): Promise<unknown>; add(config: object): Promise<unknown> }
}
