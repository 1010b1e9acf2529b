/** Servers on this machine for one test, and destinations that send to them. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { TlsOptions } from 'node:tls'
import { type Context, createContext, type ExportResult, z } from '../sdk.ts'
import { HttpDestination } from './http-destination.ts'
import { authOption, httpOptions, httpUrl } from './options.ts'

/** A request that has arrived whole. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly remoteAddress: string
  /** One more for each connection. */
  readonly connection: number
}

export interface TestServer {
  readonly url: string
  readonly port: number
  readonly requests: readonly Received[]
  readonly server: Server
  close(): Promise<void>
}

export interface ServerOptions {
  readonly tls?: TlsOptions
  /** Default: any that is free. */
  readonly port?: number
}

/** What stands in a file of fixtures/. */
export const pem = (name: string): string => readFileSync(pemFile(name), 'utf8')
export const pemFile = (name: string): string => `${import.meta.dirname}/fixtures/${name}.pem`

/** Certificate and key of a server for localhost, 127.0.0.1 and waybill.test. */
export const serverTls: TlsOptions = { cert: pem('server.cert'), key: pem('server.key') }

const noContent: RequestListener = (_request, response) => response.writeHead(204).end()

/** A server that keeps what it is sent, and answers 204 or as it is told. Ends with the test. */
export async function startServer(
  t: Pick<TestContext, 'after'>,
  answer: RequestListener = noContent,
  { tls, port = 0 }: ServerOptions = {},
): Promise<TestServer> {
  const requests: Received[] = []
  let connections = 0
  const numbers = new WeakMap<object, number>()
  const listener: RequestListener = async (request, response) => {
    const { method = '', url = '', headers, socket } = request
    const connection = numbers.get(socket) ?? ++connections
    numbers.set(socket, connection)
    const body = Buffer.concat(await request.toArray())
    requests.push({ method, url, headers, body, remoteAddress: socket.remoteAddress ?? '', connection })
    answer(request, response)
  }
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const close = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  t.after(close)
  const address = server.address() as AddressInfo
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${address.port}`, port: address.port, requests, server, close }
}

/** Answers with this status, these headers and this body. */
export const answering =
  (status: number, headers: Record<string, string> = {}, body = ''): RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(body)

export const now = new Date('2026-08-02T10:23:00Z')
export const context = createContext()

/** The component, stopped after the test. */
export function stopping<C extends { stop(context: Context): Promise<void> }>(t: Pick<TestContext, 'after'>, component: C): C {
  t.after(() => component.stop(createContext({ signal: AbortSignal.timeout(100) })))
  return component
}

const options = z.strictObject({ url: httpUrl(), auth: authOption(), ...httpOptions })

export type DestinationOptions = z.input<typeof options>

/** A destination as an exporter makes it of its checked configuration. Stopped after the test. */
export const destinationTo = (t: TestContext, given: DestinationOptions): HttpDestination =>
  stopping(t, new HttpDestination(options.parse(given)))

/** What becomes of a small body. */
export async function post(destination: HttpDestination, given: Context = context): Promise<ExportResult> {
  const { result } = await destination.send({ body: Buffer.from('[1]'), contentType: 'application/json' }, given)
  return result
}
