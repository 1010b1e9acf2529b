import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { HttpListener, type HttpListenerOptions, type ReceivedRequest, type Reply } from '../../http/index.ts'
import type { ListenAddress } from '../../sdk.ts'
import { acceptsGzip } from './negotiate.ts'

const compress = promisify(gzip)

export interface MetricsServerOptions extends Pick<HttpListenerOptions, 'address' | 'token' | 'clock' | 'log'> {
  readonly path: string
  /** What stands at `path`, in the form that an Accept header prefers. */
  expose(accept: string | undefined): Exposition | Promise<Exposition>
}

export interface Exposition {
  readonly contentType: string
  readonly body: Uint8Array
}

/** Each answer under way holds one exposition in memory, so there are at most so many. */
const mostAnswers = 8
/** A scraper that has not read its answer by then is cut off. Prometheus waits 10 s by default. */
const answerWithinMs = 30_000
/** Smaller bodies are not worth compressing. */
const compressFromBytes = 1024

/** Serves an exposition at one path, to GET and HEAD. No number of requests, and no slow one, makes it hold more than a bounded memory. */
export class MetricsServer {
  readonly #expose: MetricsServerOptions['expose']
  readonly #listener: HttpListener

  constructor({ path, expose, ...options }: MetricsServerOptions) {
    const routes = { [path]: { GET: this.#answer.bind(this) } }
    this.#expose = expose
    this.#listener = new HttpListener({ ...options, routes, mostRequests: mostAnswers, mostBodyBytes: 0, answerWithinMs })
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when it cannot. */
  listen(): Promise<void> {
    return this.#listener.listen()
  }

  get address(): ListenAddress {
    return this.#listener.address
  }

  /** Cuts every connection: a scraper comes again. Resolves when the port is free. */
  close(): Promise<void> {
    return this.#listener.close({ signal: AbortSignal.abort() })
  }

  async #answer({ headers }: ReceivedRequest): Promise<Reply> {
    const { contentType, body } = await this.#expose(headers.accept)
    const described = { 'content-type': contentType, vary: 'accept, accept-encoding' }
    if (body.length < compressFromBytes || !acceptsGzip([headers['accept-encoding'] ?? []].flat().join()))
      return { status: 200, headers: described, body }
    return { status: 200, headers: { ...described, 'content-encoding': 'gzip' }, body: await compress(body, { level: 1 }) }
  }
}
