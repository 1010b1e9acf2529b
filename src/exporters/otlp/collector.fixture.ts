/** A collector on this machine for one test, over HTTP or gRPC. What it was sent is read by the official decoder. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSecureServer, createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { officialRequest, officialResponse } from '../../codecs/otlp/official.fixture.ts'
import type { OtlpSignal } from '../../codecs/otlp/otlp.ts'
import { type ServerOptions, startServer } from '../../http/server.fixture.ts'

export interface Taken {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly signal: OtlpSignal
  readonly request: Record<string, unknown>
}

/** How a collector answers; what is absent is as usual. */
export interface Answer {
  /** Refuses so many records, and keeps none of the request. */
  readonly rejected?: number
  readonly message?: string
}

export interface Collector {
  readonly url: string
  readonly port: number
  /** The requests that were taken. */
  readonly taken: readonly Taken[]
  /** How many connections there have been, over gRPC. */
  readonly connections: number
  answer: Answer
  /** In place of the usual answer, when it answers true. */
  answerInstead: (to: ServerResponse | ServerHttp2Stream, request: IncomingMessage | undefined) => boolean
  close(): Promise<void>
}

type Test = Pick<TestContext, 'after'>

const decompress = (bytes: Buffer, encoding: unknown): Buffer =>
  encoding === 'gzip' ? gunzipSync(bytes) : encoding === 'zstd' ? zstdDecompressSync(bytes) : bytes

const signalOf = (path: string): OtlpSignal | undefined => {
  const [, found] = /(metrics|traces?|logs)(?:\/v1|\.v1\.\w+Service\/Export|$|\?)/.exec(path) ?? []
  return found === 'trace' ? 'traces' : (found as OtlpSignal | undefined)
}

const rejectedFields: Readonly<Record<OtlpSignal, string>> = {
  metrics: 'rejectedDataPoints',
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
}

const responseOf = (signal: OtlpSignal, { rejected, message }: Answer): object =>
  rejected === undefined && message === undefined
    ? {}
    : { partialSuccess: { ...(rejected && { [rejectedFields[signal]]: rejected }), ...(message && { errorMessage: message }) } }

/** Takes OTLP over HTTP in both forms, as the specification wants. */
export async function startHttpCollector(t: Test, options: ServerOptions = {}): Promise<Collector> {
  const taken: Taken[] = []
  const server = await startServer(
    t,
    (request, response) => {
      if (collector.answerInstead(response, request)) return
      const { url: path, headers, body } = server.requests.at(-1)!
      const signal = signalOf(path)
      if (!signal) {
        response.writeHead(404).end('404 page not found')
        return
      }
      const bytes = decompress(body, headers['content-encoding'])
      const type = headers['content-type']!
      const json = type === 'application/json'
      if (!collector.answer.rejected)
        taken.push({ path, headers, signal, request: json ? JSON.parse(bytes.toString()) : officialRequest(signal, bytes) })
      const answer = responseOf(signal, collector.answer)
      response.writeHead(200, { 'content-type': type }).end(json ? JSON.stringify(answer) : officialResponse(signal, answer))
    },
    options,
  )
  const { url, port, close } = server
  const collector: Collector = { url, port, taken, connections: 0, answer: {}, answerInstead: () => false, close }
  return collector
}

/** Takes OTLP over gRPC: unary calls by hand, for answers that no library would give. */
export async function startGrpcCollector(t: Test, { tls, port = 0 }: ServerOptions = {}): Promise<Collector> {
  const taken: Taken[] = []
  const sessions = new Set<ServerHttp2Session>()
  const server = tls ? createSecureServer(tls) : createServer()
  let connections = 0
  server.on('session', (session) => {
    connections++
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => {})
  })
  server.on('stream', async (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => {})
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk)
    if (collector.answerInstead(stream, undefined)) return
    const frame = Buffer.concat(chunks)
    const path = String(headers[':path'])
    const signal = signalOf(path)!
    const message = frame.subarray(5)
    if (frame.readUInt32BE(1) !== message.length) throw new Error('the length in front of the message is not its own')
    const encoding = headers['grpc-encoding']
    if (frame[0] !== (encoding === undefined ? 0 : 1)) throw new Error('the message is compressed, or not, other than its headers say')
    const bytes = decompress(message, encoding)
    if (!collector.answer.rejected) taken.push({ path, headers, signal, request: officialRequest(signal, bytes) })
    answerGrpc(stream, { message: officialResponse(signal, responseOf(signal, collector.answer)) })
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const { port: listening } = server.address() as AddressInfo
  const close = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const session of sessions) session.destroy()
    await closed
  }
  t.after(close)
  const collector: Collector = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${listening}`,
    port: listening,
    taken,
    get connections() {
      return connections
    },
    answer: {},
    answerInstead: () => false,
    close,
  }
  return collector
}

export interface GrpcAnswering {
  /** Default: 0, OK. */
  readonly status?: number
  readonly text?: string
  /** A `google.rpc.Status`. */
  readonly details?: Uint8Array
  readonly message?: Uint8Array
}

/** Answers a call with a message and a status, or only with that. */
export function answerGrpc(stream: ServerHttp2Stream, { status = 0, text, details, message }: GrpcAnswering): void {
  const trailers = {
    'grpc-status': String(status),
    ...(text !== undefined && { 'grpc-message': encodeURIComponent(text) }),
    ...(details && { 'grpc-status-details-bin': Buffer.from(details).toString('base64') }),
  }
  const headers = { ':status': 200, 'content-type': 'application/grpc' }
  if (!message) {
    stream.respond({ ...headers, ...trailers }, { endStream: true })
    return
  }
  stream.respond(headers, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers(trailers))
  const frame = Buffer.alloc(5 + message.length)
  frame.writeUInt32BE(message.length, 1)
  frame.set(message, 5)
  stream.end(frame)
}
