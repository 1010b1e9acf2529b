/** The server's side of PostgreSQL's protocol, as far as simple queries and COPY go (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export type Answer =
  | { readonly tag: string }
  | { readonly rows: readonly Readonly<Record<string, string | null>>[] }
  /** Lines of COPY are wanted; they come to `lines`. */
  | { readonly copy: true }
  | { readonly error: { readonly code: string; readonly message: string } }

/** What is said over one connection, a statement at a time. */
export interface Conversation {
  query(statement: string): Answer
  lines(lines: readonly string[]): Answer
}

export interface WireServer {
  readonly port: number
  /** What it does with connections from now on: `mute` takes them and says nothing, `silent` says nothing to queries. */
  manner: 'usual' | 'mute' | 'silent' | { readonly refusal: { readonly code: string; readonly message: string } }
  close(): Promise<void>
}

const sslRequest = 80_877_103

export async function startWireServer(begin: () => Conversation, port = 0): Promise<WireServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay())
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    if (wire.manner !== 'mute') converse(socket, begin(), () => wire.manner)
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const wire: WireServer = {
    port: (server.address() as AddressInfo).port,
    manner: 'usual',
    async close() {
      for (const socket of sockets) socket.destroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
  return wire
}

function converse(socket: Socket, conversation: Conversation, manner: () => WireServer['manner']): void {
  let rest = Buffer.alloc(0)
  let begun = false
  let copied = ''
  const say = (type: string, ...parts: readonly Buffer[]) => {
    const body = Buffer.concat(parts)
    socket.write(Buffer.concat([Buffer.from(type), int32(body.length + 4), body]))
  }
  const ready = () => say('Z', Buffer.from('I'))
  const fail = ({ code, message }: { code: string; message: string }) =>
    say('E', text(`SERROR`), text(`C${code}`), text(`M${message}`), Buffer.from([0]))

  function start(message: Buffer): void {
    if (message.readInt32BE(4) === sslRequest) {
      socket.write('N')
      return
    }
    begun = true
    const now = manner()
    if (typeof now === 'object') {
      fail(now.refusal)
      socket.end()
      return
    }
    say('R', int32(0))
    ready()
  }

  /** Whether the query goes on after it. */
  function give(answer: Answer): boolean {
    if ('error' in answer) fail(answer.error)
    else if ('copy' in answer) say('G', Buffer.from([0, 0, 0]))
    else if ('tag' in answer) say('C', text(answer.tag))
    else {
      const names = Object.keys(answer.rows[0] ?? { nothing: '' })
      // Each of type text (oid 25), of any length, in text format.
      const field = (name: string) => [text(name), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]
      say('T', int16(names.length), ...names.flatMap(field))
      for (const row of answer.rows) say('D', int16(names.length), ...names.flatMap((name) => cell(row[name] ?? null)))
      say('C', text(`SELECT ${answer.rows.length}`))
    }
    return 'tag' in answer || 'rows' in answer
  }

  function hear(type: string, body: Buffer): void {
    if (type === 'X') socket.end()
    if (manner() === 'silent') return
    if (type === 'd') copied += body.toString()
    if (type === 'c') {
      give(conversation.lines(copied.split('\n').slice(0, -1)))
      copied = ''
      ready()
    }
    if (type !== 'Q') return
    const statements = body.toString('utf8', 0, body.length - 1).split(/;\s+/)
    let last: Answer = { tag: '' }
    for (const statement of statements) {
      last = conversation.query(statement)
      if (!give(last)) break
    }
    if (!('copy' in last)) ready()
  }

  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes])
    for (;;) {
      const head = begun ? 1 : 0
      if (rest.length < head + 4) return
      const end = head + rest.readInt32BE(head)
      if (rest.length < end) return
      const message = rest.subarray(0, end)
      rest = rest.subarray(end)
      if (begun) hear(message.toString('latin1', 0, 1), message.subarray(5))
      else start(message)
    }
  })
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`)
const cell = (value: string | null): readonly Buffer[] =>
  value === null ? [int32(-1)] : [int32(Buffer.byteLength(value)), Buffer.from(value)]

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}
