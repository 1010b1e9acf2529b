import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { readRequest } from '../../src/codecs/remote-write/protobuf.fixture.ts'
import { uncompress } from '../../src/codecs/snappy/snappy.ts'

/** How a destination is: it takes all, refuses for now, cuts connections, does not answer, or wants some requests never. */
export type Mood = 'up' | 'down' | 'cut' | 'hang' | 'picky'

export interface Destination {
  readonly url: string
  mood: Mood
  close(): void
}

/** The numbers in a body of the exporter `http`. */
export const numbersInJson = (body: Buffer): readonly number[] =>
  (JSON.parse(body.toString()) as readonly { value: number }[]).map(({ value }) => value)

/** The numbers in a request of remote write, read by protobufjs. */
export const numbersInRemoteWrite = (body: Buffer): readonly number[] =>
  readRequest(uncompress(body, 64 << 20), 1).series.flatMap(({ samples = [] }) => samples.map(({ value = 0 }) => value))

/** A server on a free port. What it answers with 2xx has `arrived`, before the answer is sent. */
export async function startDestination(
  numbersIn: (body: Buffer) => readonly number[],
  { arrived, random }: { arrived: (numbers: readonly number[]) => void; random: () => number },
): Promise<Destination> {
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  const destination: Destination = {
    url: '',
    mood: 'up',
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const { mood } = destination
    if (mood === 'hang') return
    if (mood === 'cut') return void request.socket.destroy()
    if (mood === 'down') return void response.writeHead(503).end('down')
    if (mood === 'picky' && random() < 0.2) return void response.writeHead(400).end('not these')
    arrived(numbersIn(body))
    // Now and then the sender does not learn that all is well.
    if (random() < 0.02) return void request.socket.destroy()
    response.writeHead(204).end()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(destination, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })
}
