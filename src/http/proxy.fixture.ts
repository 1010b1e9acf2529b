/** A proxy on this machine for one test. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, request as send } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TestContext } from 'node:test'

export interface TestProxy {
  readonly url: string
  /** What it was asked for: `CONNECT host:port`, or a method and an absolute address. */
  readonly asked: readonly string[]
  /** The addresses that asked. */
  readonly clients: readonly (string | undefined)[]
}

/** A proxy that tunnels and forwards, for those that send this `Proxy-Authorization` where one is given. */
export async function startProxy(t: TestContext, authorization?: string): Promise<TestProxy> {
  const asked: string[] = []
  const clients: (string | undefined)[] = []
  const sockets = new Set<Duplex>()
  const passes = ({ method, url, headers, socket }: IncomingMessage) => {
    asked.push(`${method} ${url}`)
    clients.push(socket.remoteAddress)
    return authorization === undefined || headers['proxy-authorization'] === authorization
  }
  const server = createServer((request, response) => {
    if (!passes(request)) return response.writeHead(407).end()
    const { method, url = '', headers } = request
    return request.pipe(
      send(url, { method, headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers)
        answer.pipe(response)
      }),
    )
  })
  server.on('connect', (request, socket) => {
    sockets.add(socket)
    if (!passes(request)) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    const [host, port] = request.url!.split(':')
    const onward = connect(Number(port), host!, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    for (const end of [socket, onward]) end.on('error', () => {})
    return sockets.add(onward)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(async () => {
    const closed = once(server, 'close')
    for (const socket of sockets) socket.destroy()
    server.close()
    server.closeAllConnections()
    await closed
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, clients }
}
