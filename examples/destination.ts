/**
 * An HTTP API to try the examples with: `node examples/destination.ts 8081` takes JSON arrays of records and tells how many came, and
 * with a status after the port, as in `8081 503`, answers that instead.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export interface Destination {
  readonly url: string
  /** Records in the requests that were answered with 200. */
  received(): number
  /** What the requests had for authorization, each once. */
  authorizations(): readonly string[]
  close(): void
}

/** Listens at 127.0.0.1, at any free port for port 0. `answer` gives the status for the nth request, counted from 0. */
export async function startDestination(port: number, answer: (request: number) => number): Promise<Destination> {
  let requests = 0
  let received = 0
  const authorizations = new Set<string>()
  const server = createServer(async (request, response) => {
    if (request.headers.authorization) authorizations.add(request.headers.authorization)
    const records = (await json(request)) as readonly unknown[]
    const status = answer(requests++)
    if (status === 200) received += records.length
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received: () => received,
    authorizations: () => [...authorizations],
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

if (import.meta.main) {
  const [port = 8081, status = 200] = process.argv.slice(2).map(Number)
  const { url, received } = await startDestination(port, () => status)
  const tell = () => process.stdout.write(`${url} answers ${status} and has ${received()} records\n`)
  tell()
  setInterval(tell, 5000)
}
