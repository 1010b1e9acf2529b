import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Clock, type ListenAddress, type Log, type Secret, toError } from '../../sdk.ts'

import { acceptsGzip } from './negotiate.ts'

const compress = promisify(gzip)

export interface MetricsServerOptions {
  readonly address: ListenAddress
  readonly path: string
  /** What every request has to bring as `Authorization: Bearer …`. */
  readonly token: Secret | undefined
  readonly clock: Clock
  readonly log: Log
  /** What stands at `path`, in the form that an Accept header prefers. */
  expose(accept: string | undefined): { readonly contentType: string; readonly body: Uint8Array }
}

/** Each answer under way holds one exposition in memory, so there are at most so many. */
const mostAnswers = 8
const mostConnections = 100
/** A scraper that has not read its answer by then is cut off. Prometheus waits 10 s by default. */
const answerWithinMs = 30_000
const requestWithinMs = 10_000
/** Longer than the usual scrape interval, so that a connection serves more than one. */
const idleForMs = 75_000
/** Smaller bodies are not worth compressing. */
const compressFromBytes = 1024

/** Serves an exposition at one path, to GET and HEAD. No number of requests, and no slow one, makes it hold more than a bounded memory. */
export class MetricsServer {
  readonly #options: MetricsServerOptions
  readonly #server: Server
  #answers = 0

  constructor(options: MetricsServerOptions) {
    this.#options = options
    this.#server = createServer({ requestTimeout: requestWithinMs, headersTimeout: requestWithinMs, keepAliveTimeout: idleForMs })
    this.#server.maxConnections = mostConnections
    this.#server.on('request', (request, response) => void this.#answer(request, response))
  }

  /** Rejects with the error of the system. */
  async listen(): Promise<void> {
    this.#server.listen({ ...this.#options.address })
    await once(this.#server, 'listening')
    this.#server.on('error', (error) => this.#options.log.warn('the metrics server had an error', { error }))
  }

  /** Where it listens: with the port that was free, where port 0 was asked for. */
  get address(): ListenAddress {
    const { address, port } = this.#server.address() as AddressInfo
    return { host: address, port }
  }

  /** Cuts every connection; resolves when the port is free. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#limit(response)
    const { status, headers, body } = await this.#answerTo(request).catch((thrown: unknown) => {
      this.#options.log.error('a scrape failed', { error: toError(thrown) })
      return text(500, 'the metrics could not be written; the log tells more')
    })
    response.writeHead(status, { ...headers, 'content-length': body.length }).end(body)
  }

  async #answerTo({ method, url = '', headers }: IncomingMessage): Promise<Answer> {
    const { path, expose } = this.#options
    if (!this.#mayPass(headers.authorization))
      return text(401, 'this needs a token, as: Authorization: Bearer …', { 'www-authenticate': 'Bearer' })
    if (url.split('?')[0] !== path) return text(404, `there is nothing here; the metrics are at ${path}`)
    if (method !== 'GET' && method !== 'HEAD') return text(405, 'only GET and HEAD', { allow: 'GET, HEAD' })
    if (this.#answers > mostAnswers) return text(503, 'too many scrapes at once', { 'retry-after': '1' })
    const { contentType, body } = expose(headers.accept)
    const described = { 'content-type': contentType, vary: 'accept, accept-encoding' }
    if (body.length < compressFromBytes || !acceptsGzip(headers['accept-encoding'])) return { status: 200, headers: described, body }
    return { status: 200, headers: { ...described, 'content-encoding': 'gzip' }, body: await compress(body, { level: 1 }) }
  }

  /** Counts the answer until it is sent, and cuts it off when that takes too long. */
  #limit(response: ServerResponse): void {
    const sent = new AbortController()
    this.#answers++
    response.once('close', () => {
      this.#answers--
      sent.abort()
    })
    void this.#options.clock.sleep(answerWithinMs, sent.signal).then(() => response.destroy())
  }

  #mayPass(authorization = ''): boolean {
    const { token } = this.#options
    if (!token) return true
    const given = Buffer.from(authorization)
    const wanted = Buffer.from(`Bearer ${token.reveal()}`)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  }
}

interface Answer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Uint8Array
}

const text = (status: number, message: string, headers: OutgoingHttpHeaders = {}): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body: Buffer.from(`${message}\n`),
})
