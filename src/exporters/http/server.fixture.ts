/** Servers on this machine for one test, and what an exporter is given. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { TlsOptions } from 'node:tls'
import { createContext, metrics, series } from '../../sdk.ts'
import type { HttpExporter } from './http.ts'

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
  t: TestContext,
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

/** Gauges with these values. */
export const points = (...values: number[]) =>
  metrics(values.map((value) => ({ series: series('system.cpu.load', { core: '0' }), timeMs: now.getTime(), value })))

/** The exporter, stopped after the test. */
export function stopping(t: TestContext, exporter: HttpExporter): HttpExporter {
  t.after(() => exporter.stop(createContext({ signal: AbortSignal.timeout(100) })))
  return exporter
}
