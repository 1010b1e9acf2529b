import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, type Context, cannotListen, formatSize, type ListenAddress, type Log, type Secret, toError } from '../sdk.ts'
import { bearsToken } from './bearer-token.ts'
import { readBody, type Unpack, unpacking } from './request-body.ts'

export interface HttpListenerOptions {
  readonly address: ListenAddress
  /** What every request has to bring as `Authorization: Bearer …`. Without one only loopback is a fit address: see `listenProblem`. */
  readonly token?: Secret | undefined
  /** What is answered at each path, by method; HEAD is answered as GET. */
  readonly routes: Readonly<Record<string, Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', Answerer>>>>>
  /** What a body has at most, as it comes and unpacked. Default: 1 MiB. */
  readonly mostBodyBytes?: number
  /** How bodies may be packed beside `identity`, `gzip` and `zstd`, by content coding. */
  readonly unpacking?: Readonly<Record<string, Unpack>>
  /** How many requests are answered at once, each with its body in memory. Further ones get 503. Default: 16. */
  readonly mostRequests?: number
  /** A request that has not been read or answered, nor its answer been read, by then is cut off. Default: never once it has come whole. */
  readonly answerWithinMs?: number
  readonly clock: Clock
  readonly log: Log
}

/** What may become of a request. What it throws is logged and answered with 500. */
export type Answerer = (request: ReceivedRequest) => Reply | Promise<Reply>

export interface ReceivedRequest {
  readonly query: URLSearchParams
  /** By their names in lower case. */
  readonly headers: IncomingHttpHeaders
  /** Unpacked; empty where there is none. */
  readonly body: Uint8Array
}

export interface Reply {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Uint8Array
}

const mostConnections = 100
/** To come whole. */
const requestWithinMs = 60_000
/** Longer than most senders and scrapers pause, so that a connection serves more than one request. */
const idleForMs = 75_000

/**
 * A server of HTTP for receivers and for what is pulled: one address, a token, bounds on everything that a client could make it hold.
 * Nothing that it answers of itself tells more than the client knows.
 */
export class HttpListener {
  readonly #options: HttpListenerOptions
  readonly #unpacking: Readonly<Record<string, Unpack>>
  readonly #mostBodyBytes: number
  readonly #mostRequests: number
  readonly #server: Server
  #requests = 0
  #closing = false

  constructor(options: HttpListenerOptions) {
    this.#options = options
    this.#unpacking = { ...unpacking, ...options.unpacking }
    this.#mostBodyBytes = options.mostBodyBytes ?? 1 << 20
    this.#mostRequests = options.mostRequests ?? 16
    this.#server = createServer({ requestTimeout: requestWithinMs, headersTimeout: requestWithinMs, keepAliveTimeout: idleForMs })
    this.#server.maxConnections = mostConnections
    this.#server.on('request', (request, response) => void this.#serve(request, response))
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when it cannot. */
  async listen(): Promise<void> {
    const { address, log } = this.#options
    this.#server.listen({ ...address })
    await once(this.#server, 'listening').catch((thrown: unknown) => {
      throw cannotListen(address, toError(thrown))
    })
    this.#server.on('error', (error) => log.warn('the server had an error', { error }))
  }

  /** Where it listens: with the port that was free, where port 0 was asked for. */
  get address(): ListenAddress {
    const { address, port } = this.#server.address() as AddressInfo
    return { host: address, port }
  }

  /** Takes no more requests; those under way are answered, until the signal aborts and cuts them off. Resolves when the port is free. */
  async close({ signal }: Pick<Context, 'signal'>): Promise<void> {
    this.#closing = true
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    const cut = () => this.#server.closeAllConnections()
    this.#server.close()
    if (signal.aborted) cut()
    signal.addEventListener('abort', cut)
    await closed
    signal.removeEventListener('abort', cut)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#count(response)
    try {
      const { status, headers, body } = await this.#reply(request)
      // What is left of a body would be taken for the next request.
      const last = this.#closing || !request.complete
      const length = status === 204 ? {} : { 'content-length': body?.length ?? 0 }
      response.writeHead(status, { ...headers, ...length, ...(last && { connection: 'close' }) }).end(body)
    } catch (error) {
      this.#options.log.debug('a client went away', { error: toError(error) })
      response.destroy()
    }
  }

  /** Counts a request until it is answered, and cuts it off when that takes too long. */
  #count(response: ServerResponse): void {
    const { clock, answerWithinMs } = this.#options
    const answered = new AbortController()
    this.#requests++
    response.once('close', () => {
      this.#requests--
      answered.abort()
    })
    if (answerWithinMs !== undefined) void clock.sleep(answerWithinMs, answered.signal).then(() => response.destroy())
  }

  /** Rejects when the client goes away before it has sent all. */
  async #reply(request: IncomingMessage): Promise<Reply> {
    const answerer = this.#answererOf(request)
    const body = await readBody(request, typeof answerer === 'function' ? this.#mostBodyBytes : 0)
    if (typeof answerer !== 'function') return answerer
    const unpacked = body ? await this.#unpack(body, request.headers['content-encoding']) : this.#tooLarge()
    if ('status' in unpacked) return unpacked
    try {
      const { headers, url = '' } = request
      return await answerer({ query: new URLSearchParams(url.split('?')[1]), headers, body: unpacked })
    } catch (error) {
      this.#options.log.error('a request could not be answered', { error: toError(error) })
      return textReply(500, 'it could not be answered; the log tells more')
    }
  }

  /** Who answers, or why nobody does. */
  #answererOf({ method = '', url = '', headers }: IncomingMessage): Answerer | Reply {
    const { routes } = this.#options
    if (!this.#mayPass(headers.authorization))
      return textReply(401, 'this needs a token, as: Authorization: Bearer …', { 'www-authenticate': 'Bearer' })
    const path = url.split('?')[0]!
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined
    if (!route) return textReply(404, `there is nothing here; there is something at ${Object.keys(routes).join(' and ')}`)
    const methods = Object.keys(route).flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]))
    const answerer = methods.includes(method) ? route[(method === 'HEAD' ? 'GET' : method) as keyof typeof route] : undefined
    if (!answerer) return textReply(405, `only ${methods.join(' and ')}`, { allow: methods.join(', ') })
    return this.#requests > this.#mostRequests ? textReply(503, 'too many requests at once', { 'retry-after': '1' }) : answerer
  }

  #mayPass(authorization: string | undefined): boolean {
    const { token } = this.#options
    return !token || bearsToken(authorization, token)
  }

  async #unpack(body: Uint8Array, encoding = 'identity'): Promise<Uint8Array | Reply> {
    const name = encoding.trim().toLowerCase()
    const known = Object.keys(this.#unpacking)
    const unpack = known.includes(name) ? this.#unpacking[name]! : undefined
    if (!unpack) return textReply(415, `a body is packed as ${known.join(', ')}`, { 'accept-encoding': known.join(', ') })
    try {
      return await unpack(body, this.#mostBodyBytes)
    } catch (error) {
      return error instanceof RangeError ? this.#tooLarge() : textReply(400, `the body is not packed as ${name}: ${toError(error).message}`)
    }
  }

  #tooLarge(): Reply {
    return textReply(413, `a body has at most ${formatSize(this.#mostBodyBytes)}, as it comes and unpacked`)
  }
}

/** A reply that says something to a person, on a line. */
export const textReply = (status: number, message: string, headers: OutgoingHttpHeaders = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body: Buffer.from(`${message}\n`),
})
