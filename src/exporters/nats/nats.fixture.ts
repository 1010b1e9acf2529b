/** A server of NATS as far as a publisher sees it, in this process: it greets, takes messages and answers for its stream. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface Published {
  readonly subject: string
  readonly headers: string
  readonly body: string
}

export interface FakeNats {
  url: string
  /** What the stream has, repeats left out. */
  readonly stored: readonly Published[]
  /** How many connections are open. */
  readonly connections: number
  /** Ends those that are. */
  cut(): void
  /** What the server does with a message from now on. Default: store it. */
  behaviour: (message: Published) => 'store' | 'silence' | 'cut' | { readonly error: object }
  /** What it says of itself when somebody connects. */
  info: object
  /** What it says to whoever introduces himself; undefined: that he is welcome. */
  refusal: string | undefined
  /** Says nothing, not even what it is. */
  mute: boolean
  close(): Promise<void>
}

/** https://docs.nats.io/reference/reference-protocols/nats-protocol */
export async function startFakeNats(port = 0): Promise<FakeNats> {
  const sockets = new Set<Socket>()
  const ids = new Set<string>()
  const stored: Published[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    if (!fake.mute) socket.write(`INFO ${JSON.stringify(fake.info)}\r\n`)
    let rest = Buffer.alloc(0)
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes])
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const [verb, ...words] = rest.toString('utf8', 0, end).split(' ')
        const length = verb === 'HPUB' || verb === 'PUB' ? Number(words.at(-1)) + 2 : 0
        if (rest.length < end + 2 + length) return
        const payload = rest.subarray(end + 2, end + length)
        rest = rest.subarray(end + 2 + length)
        if (!fake.mute) answer(socket, verb!, words, payload)
      }
    })
  })

  function answer(socket: Socket, verb: string, words: readonly string[], payload: Buffer): void {
    if (verb === 'CONNECT' && fake.refusal) socket.end(`-ERR '${fake.refusal}'\r\n`)
    else if (verb === 'PING') socket.write('PONG\r\n')
    else if (verb === 'HPUB') {
      const [subject, inbox, headerLength] = words as [string, string, string]
      const cut = Number(headerLength)
      publish(socket, inbox, { subject, headers: payload.toString('utf8', 0, cut), body: payload.toString('utf8', cut) })
    }
  }

  function publish(socket: Socket, inbox: string, message: Published): void {
    const verdict = fake.behaviour(message)
    if (verdict === 'silence') return
    if (verdict === 'cut') {
      socket.destroy()
      return
    }
    const id = /Nats-Msg-Id: (\S+)/.exec(message.headers)?.[1]
    if (verdict === 'store' && !(id && ids.has(id))) stored.push(message)
    if (id) ids.add(id)
    const reply = verdict === 'store' ? { stream: 'S', seq: stored.length } : verdict
    const text = JSON.stringify(reply)
    // A client subscribes once, to all of its inboxes.
    socket.write(`MSG ${inbox} 1 ${Buffer.byteLength(text)}\r\n${text}\r\n`)
  }

  const fake: FakeNats = {
    url: '',
    stored,
    get connections() {
      return sockets.size
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    behaviour: () => 'store',
    info: { server_id: 'fake', version: '2.9.10', proto: 1, max_payload: 1_048_576, headers: true, jetstream: true },
    refusal: undefined,
    mute: false,
    async close() {
      fake.cut()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
  await once(server.listen(port, '127.0.0.1'), 'listening')
  fake.url = `nats://127.0.0.1:${(server.address() as AddressInfo).port}`
  return fake
}
