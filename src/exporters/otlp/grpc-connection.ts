import { once } from 'node:events'
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2'
import type { HttpSettings } from '../../http/options.ts'
import { type TlsOptions, tlsOptions } from '../../http/tls.ts'
import { noAnswer, unreachable } from '../../http/unavailable.ts'
import { type Context, toError } from '../../sdk.ts'

export interface GrpcCall {
  /** `/package.Service/Method`. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** A message, with the five bytes in front of it. */
  readonly frame: Uint8Array
}

/** What came back, as it stands. */
export interface GrpcAnswer {
  readonly httpStatus: number
  /** The trailers, or the headers of an answer that has nothing else. */
  readonly trailers: IncomingHttpHeaders
  readonly headers: IncomingHttpHeaders
  /** The first 64 KiB. */
  readonly body: Buffer
}

const keptBytes = 65_536

/** Servers close an idle connection after some minutes, and proxies on the way after one. */
const keptIdleMs = 30_000

interface Line {
  readonly session: ClientHttp2Session
  /** How many calls are under way. */
  calls: number
}

/** Calls of gRPC over one connection of HTTP/2 that stays open. Opened by the first call, and again when it was closed. */
export class GrpcConnection {
  readonly #origin: string
  readonly #options: Pick<HttpSettings, 'timeout' | 'tls' | 'localAddress'>
  #tls: Promise<TlsOptions> | undefined
  #line: Line | undefined

  constructor({ origin }: URL, options: Pick<HttpSettings, 'timeout' | 'tls' | 'localAddress'>) {
    this.#origin = origin
    this.#options = options
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  async open(): Promise<void> {
    await this.#readTls()
  }

  /** One call. Rejects with `Unavailable` when there was no answer, and with any error when the signal aborts. */
  async call({ path, headers, frame }: GrpcCall, { signal, clock }: Pick<Context, 'signal' | 'clock'>): Promise<GrpcAnswer> {
    const { timeout } = this.#options
    const tls = await this.#readTls()
    const [late, done] = [new AbortController(), new AbortController()]
    void clock.sleep(timeout, done.signal).then(() => late.abort())
    const line = this.#connect(tls)
    const { session } = line
    // A connection that nobody uses keeps no process from ending.
    if (line.calls++ === 0) session.ref()
    try {
      const stream = session.request(
        { ':method': 'POST', ':path': path, te: 'trailers', 'content-type': 'application/grpc', ...headers },
        { signal: AbortSignal.any([signal, late.signal]) },
      )
      stream.end(frame)
      return await answerTo(stream)
    } catch (thrown) {
      if (!late.signal.aborted) throw unreachable(`${this.#origin}${path}`, causeOf(toError(thrown)))
      // Nothing tells whether the connection still leads anywhere.
      session.destroy()
      throw noAnswer(`${this.#origin}${path}`, timeout)
    } finally {
      done.abort()
      if (--line.calls === 0 && !session.destroyed) session.unref()
    }
  }

  /** Closes it once what is under way has been answered, or at once when the signal aborts. */
  async close(signal: AbortSignal): Promise<void> {
    const session = this.#line?.session
    this.#line = undefined
    this.#tls = undefined
    if (!session || session.destroyed) return
    const destroy = () => session.destroy()
    signal.addEventListener('abort', destroy)
    const closed = once(session, 'close')
    if (signal.aborted) destroy()
    else session.close()
    await closed.catch(() => {})
    signal.removeEventListener('abort', destroy)
  }

  #readTls(): Promise<TlsOptions> {
    this.#tls ??= tlsOptions(this.#options.tls).catch((thrown) => {
      this.#tls = undefined
      throw thrown
    })
    return this.#tls
  }

  #connect(tls: TlsOptions): Line {
    if (this.#line && !this.#line.session.closed && !this.#line.session.destroyed) return this.#line
    const { localAddress } = this.#options
    const session = connect(this.#origin, { ...tls, ...(localAddress !== undefined && { localAddress }) })
    // Its calls tell.
    session.on('error', () => {})
    session.setTimeout(keptIdleMs, () => session.close())
    this.#line = { session, calls: 0 }
    return this.#line
  }
}

async function answerTo(stream: ClientHttp2Stream): Promise<GrpcAnswer> {
  let headers: IncomingHttpHeaders = {}
  let trailers: IncomingHttpHeaders | undefined
  const chunks: Buffer[] = []
  let bytes = 0
  stream.on('response', (received) => {
    headers = received
  })
  stream.on('trailers', (received) => {
    trailers = received
  })
  stream.on('data', (chunk: Buffer) => {
    if (bytes < keptBytes) chunks.push(chunk)
    bytes += chunk.length
  })
  await once(stream, 'close')
  const httpStatus = Number(headers[':status'])
  if (Number.isNaN(httpStatus)) throw new Error(`the connection was cut before there was an answer (code ${stream.rstCode})`)
  return { httpStatus, headers, trailers: trailers ?? headers, body: Buffer.concat(chunks).subarray(0, keptBytes) }
}

/** A stream whose connection never came about says so in its cause. */
const causeOf = (error: Error): Error => (Error.isError(error.cause) ? error.cause : error)
