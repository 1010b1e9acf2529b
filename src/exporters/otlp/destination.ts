import { type Answer, HttpDestination } from '../../http/index.ts'
import { type Component, type Context, type ExportResult, retry } from '../../sdk.ts'
import type { Config } from './config.ts'
import type { Endpoint } from './endpoints.ts'
import { GrpcDestination } from './grpc-destination.ts'

/** A server, whichever way it is sent to. */
export interface Destination extends Required<Omit<Component, 'flush'>> {
  readonly address: string
  /** Never rejects. */
  send(request: Request, context: Context): Promise<Sent>
  /** The beginning of a text of somebody else on one line, without secrets. */
  redact(text: string): string
}

export interface Request {
  readonly path: string | undefined
  readonly body: Uint8Array
  readonly contentType: string
}

/** What became of a request, and what the server said when it took it. */
export interface Sent {
  readonly result: ExportResult
  readonly answer?: { readonly bytes: Uint8Array; readonly form: 'protobuf' | 'json' }
}

/** Statuses that https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes names. */
const retryable = [429, 502, 503, 504]

export function destinationOf({ protocol, url, option }: Endpoint, config: Config): Destination {
  const { compression = 'gzip', timeout = 30_000, ...options } = config
  const shared = { ...options, url, compression, timeout }
  return protocol === 'grpc' ? overGrpc(shared) : overHttp({ retryOnStatusCodes: retryable, ...shared, addressOption: option })
}

function overGrpc(options: ConstructorParameters<typeof GrpcDestination>[0]): Destination {
  const destination = new GrpcDestination(options)
  return {
    ...lifeOf(destination),
    async send({ path = '', body }, context) {
      const { result, message: bytes } = await destination.call(path, body, context)
      return { result, ...(bytes && { answer: { bytes, form: 'protobuf' } }) }
    },
  }
}

function overHttp(options: ConstructorParameters<typeof HttpDestination>[0]): Destination {
  /** A page for people is not the answer of a server that took anything. */
  const interpret = (answer: Answer, usual: ExportResult): ExportResult => {
    if (usual.status !== 'ok' || !typeOf(answer).startsWith('text/html')) return usual
    return retry(new Error(`${destination.address} answered with a web page, not OTLP; check the address`), { scope: 'destination' })
  }
  const destination = new HttpDestination({ ...options, advice, interpret })
  return {
    ...lifeOf(destination),
    async send({ path, ...request }, context) {
      const { result, answer } = await destination.send({ ...request, ...(path !== undefined && { path }) }, context)
      if (result.status !== 'ok' || !answer) return { result }
      return { result, answer: { bytes: answer.body, form: typeOf(answer).includes('json') ? 'json' : 'protobuf' } }
    },
  }
}

const advice = { 401: 'check the credentials in headers', 403: 'see what the credentials in headers allow' }

const lifeOf = (destination: GrpcDestination | HttpDestination): Omit<Destination, 'send'> => ({
  address: destination.address,
  start: (context) => destination.start(context),
  stop: (context) => destination.stop(context),
  health: () => destination.health(),
  redact: (text) => destination.redact(text),
})

const typeOf = ({ headers }: Answer): string => String(headers['content-type'] ?? '')
