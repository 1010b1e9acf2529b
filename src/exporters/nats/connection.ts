import { redact } from '../../http/redact.ts'
import { tlsOptions } from '../../http/tls.ts'
import { type Host, Secret, toError, WaybillError } from '../../sdk.ts'
import type { Config } from './config.ts'
import type { Authenticator, JetStream, MessageHeaders, NatsConnection, Publisher, Transport } from './driver.ts'
import { unavailable } from './failure.ts'

export interface ConnectionOptions {
  readonly config: Config
  readonly contentType: string
  readonly load: Host['load']
}

/** What is open to a server. */
interface Open {
  readonly nats: NatsConnection
  readonly publisher: Publisher
  readonly transport: Transport
  /** What the server has against this connection, though it goes on. */
  complaint: Error | undefined
}

/**
 * A connection to a cluster, made when it is needed and again after it was lost; it does not try by itself. Rejects with WaybillError
 * `DESTINATION_UNAVAILABLE` when there is none to be had.
 */
export class Connection {
  readonly servers: string
  readonly #options: ConnectionOptions
  readonly #secrets: readonly string[]
  #open: Promise<Open> | undefined
  #closed = false

  constructor(options: ConnectionOptions) {
    const { servers, auth } = options.config
    this.servers = servers.join(', ')
    this.#options = options
    this.#secrets = Object.values(auth).flatMap((value) => (value instanceof Secret ? [value.reveal()] : []))
  }

  /** Connects unless it is connected, after a close too. */
  async open(): Promise<void> {
    this.#closed = false
    await this.#opened()
  }

  /** How many bytes a message may hold. */
  async maxPayload(): Promise<number> {
    return (await this.#opened()).nats.info?.max_payload ?? 1_048_576
  }

  /** Resolves when a stream has stored it; rejects with what the client or the server says. */
  async publish(subject: string, body: Uint8Array, id: string | undefined): Promise<void> {
    const { publisher, transport } = await this.#opened()
    const { timeout } = this.#options.config
    await publisher.publish(subject, body, { headers: this.#headers(transport), timeout, ...(id !== undefined && { msgID: id }) })
  }

  /** Why publishing has failed, for a person: what the server complained of since the last time, else what was thrown. */
  async explain(thrown: unknown): Promise<WaybillError> {
    const open = await this.#open?.catch(() => undefined)
    const complaint = open?.complaint
    if (open) open.complaint = undefined
    return unavailable(this.servers, complaint ?? toError(thrown), this.#secrets)
  }

  /** What a person may read of an error about a message. */
  told(error: Error): Error {
    return new Error(redact(error.message, this.#secrets))
  }

  async close(): Promise<void> {
    this.#closed = true
    const open = this.#open
    this.#open = undefined
    await open?.then(({ nats }) => nats.close()).catch(() => {})
  }

  async #opened(): Promise<Open> {
    if (this.#closed) throw new WaybillError('DESTINATION_UNAVAILABLE', `the connection to ${this.servers} is closed`)
    const last = this.#open
    const lost = (await last?.catch(() => undefined))?.nats.isClosed() !== false
    // Of many that find it lost, the first makes another, which is for all.
    if (lost && this.#open === last) this.#open = undefined
    this.#open ??= this.#connect()
    const connecting = this.#open
    try {
      return await connecting
    } catch (thrown) {
      if (this.#open === connecting) this.#open = undefined
      throw unavailable(this.servers, toError(thrown), this.#secrets)
    }
  }

  async #connect(): Promise<Open> {
    const { load, config } = this.#options
    const transport = exportsOf<Transport>(await load('@nats-io/transport-node'))
    const { jetstream, jetstreamManager } = exportsOf<JetStream>(await load('@nats-io/jetstream'))
    const { servers, timeout, tls, createStream } = config
    const authenticator = this.#authenticator(transport)
    const nats = await transport.connect({
      ...{ servers, name: 'waybill', reconnect: false, timeout },
      ...(authenticator && { authenticator }),
      ...(tls && { tls: await tlsOptions(tls) }),
    })
    const open: Open = { nats, publisher: jetstream(nats, { timeout }), transport, complaint: undefined }
    void this.#listen(open)
    try {
      if (createStream) await ensureStream(await jetstreamManager(nats, { timeout }), createStream)
      return open
    } catch (thrown) {
      await nats.close()
      throw open.complaint ?? thrown
    }
  }

  /** What may not be published is told beside the answers, which then do not come. */
  async #listen(open: Open): Promise<void> {
    for await (const { type, error } of open.nats.status()) if (type === 'error' && error) open.complaint = error
  }

  #authenticator(transport: Transport): Authenticator | undefined {
    const { auth } = this.#options.config
    switch (auth.type) {
      case 'none':
        return undefined
      case 'user':
        return transport.usernamePasswordAuthenticator(auth.user, auth.password.reveal())
      case 'token':
        return transport.tokenAuthenticator(auth.token.reveal())
      case 'nkey':
        return transport.nkeyAuthenticator(Buffer.from(auth.seed.reveal().trim()))
      case 'creds':
        return transport.credsAuthenticator(Buffer.from(auth.creds.reveal()))
    }
  }

  #headers(transport: Transport): MessageHeaders {
    const { contentType, config } = this.#options
    const headers = transport.headers()
    for (const [name, value] of Object.entries({ 'Content-Type': contentType, ...config.headers })) headers.set(name, value)
    return headers
  }
}

/** CommonJS gives its exports by name or, where these cannot be seen from outside, as the default. */
const exportsOf = <Module>(module: unknown): Module => ({ ...(module as { default?: object }).default, ...(module as object) }) as Module

type StreamSettings = NonNullable<Config['createStream']>

/** Nanoseconds are what the server counts in. */
async function ensureStream(
  { streams }: Awaited<ReturnType<JetStream['jetstreamManager']>>,
  { name, subjects, maxAge, maxBytes, duplicateWindow, replicas, storage }: StreamSettings,
): Promise<void> {
  const found = await streams.info(name).catch((thrown) => {
    if ((thrown as { status?: number }).status === 404 || (thrown as Error).name === 'StreamNotFoundError') return undefined
    throw thrown
  })
  if (found) return
  const limits = { ...(maxAge !== undefined && { max_age: maxAge * 1e6 }), ...(maxBytes !== undefined && { max_bytes: maxBytes }) }
  await streams.add({ name, subjects, ...limits, duplicate_window: duplicateWindow * 1e6, num_replicas: replicas, storage })
}
