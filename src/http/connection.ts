import type { Dispatcher } from 'undici'
import { type Context, toError } from '../sdk.ts'
import type { Headers } from './headers.ts'
import type { HttpSettings } from './options.ts'
import { publicUrl } from './public-url.ts'
import { tlsOptions } from './tls.ts'
import { noAnswer, unreachable } from './unavailable.ts'

export type ConnectionOptions = Pick<HttpSettings, 'timeout' | 'connections' | 'localAddress' | 'proxy' | 'tls'>

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Request {
  readonly method: Method
  /** Of the connection's origin. */
  readonly url: URL
  readonly headers: Headers
  readonly body?: Uint8Array | string
}

export interface Answer {
  readonly status: number
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The first 64 KiB. */
  readonly body: Buffer
}

const keptBytes = 65_536

/** What of an answer is read at most to use its connection again; a new one costs less than more. */
const drainedBytes = 2 * keptBytes

/** Most servers close an idle connection after a minute; those that do sooner usually say so, and are obeyed. */
const keptIdleMs = 30_000

/** Sends requests to one origin over connections that stay open. Opened by the first use, and again after it was closed. */
export class Connection {
  readonly #origin: string
  readonly #options: ConnectionOptions
  #opening: Promise<Dispatcher> | undefined
  #closing: Promise<void> = Promise.resolve()

  constructor({ origin }: URL, options: ConnectionOptions) {
    this.#origin = origin
    this.#options = options
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  open(): Promise<Dispatcher> {
    this.#opening ??= open(this.#origin, this.#options).catch((thrown) => {
      this.#opening = undefined
      throw thrown
    })
    return this.#opening
  }

  /**
   * One request. Its answer counts whatever becomes of the rest of the body. Rejects with `Unavailable` when there was none, and
   * with any error when the signal aborts.
   */
  async send({ method, url, headers, body = '' }: Request, { signal, clock }: Pick<Context, 'signal' | 'clock'>): Promise<Answer> {
    const { timeout } = this.#options
    const dispatcher = await this.open()
    const [late, done] = [new AbortController(), new AbortController()]
    void clock.sleep(timeout, done.signal).then(() => late.abort())
    try {
      const answer = await dispatcher.request({
        origin: this.#origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers,
        body,
        signal: AbortSignal.any([signal, late.signal]),
      })
      return { status: answer.statusCode, headers: answer.headers, body: await beginningOf(answer.body) }
    } catch (thrown) {
      throw late.signal.aborted ? noAnswer(publicUrl(url), timeout) : unreachable(publicUrl(url), toError(thrown))
    } finally {
      done.abort()
    }
  }

  /** Closes it once what is under way has been answered, or at once when the signal aborts. */
  close(signal: AbortSignal): Promise<void> {
    const opening = this.#opening
    this.#opening = undefined
    this.#closing = Promise.all([this.#closing, opening && close(opening, signal)]).then(() => {})
    return this.#closing
  }
}

async function open(origin: string, { timeout, connections, localAddress, proxy, tls }: ConnectionOptions): Promise<Dispatcher> {
  const [{ Pool, ProxyAgent }, secure] = await Promise.all([import('undici'), tlsOptions(tls)])
  const shared = {
    connections,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: timeout,
    keepAliveTimeout: keptIdleMs,
    ...(localAddress !== undefined && { localAddress }),
  }
  if (!proxy) return new Pool(origin, { ...shared, connect: { ...secure, timeout } })
  return new ProxyAgent({
    ...shared,
    uri: proxy.reveal(),
    requestTls: secure,
    clientFactory: (origin, options) => new Pool(origin, { ...options, ...shared }),
    factory: (origin, options) => new Pool(origin, { ...options, ...shared }),
  })
}

async function close(opening: Promise<Dispatcher>, signal: AbortSignal): Promise<void> {
  const dispatcher = await opening.catch(() => undefined)
  if (!dispatcher) return
  const destroy = () => void dispatcher.destroy()
  signal.addEventListener('abort', destroy)
  await (signal.aborted ? dispatcher.destroy() : dispatcher.close())
  signal.removeEventListener('abort', destroy)
}

/** Reads on after the bytes that are kept, so that the connection can be used again; with a very long body it is closed instead. */
async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      if (bytes < keptBytes) chunks.push(chunk)
      bytes += chunk.length
      if (bytes > drainedBytes) break
    }
  } catch {
    // What has come of it has to do.
  }
  return Buffer.concat(chunks).subarray(0, keptBytes)
}
