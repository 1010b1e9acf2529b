import { type DecodedRequest, RemoteWriteDecoder, type RemoteWriteVersion } from '../../codecs/remote-write/remote-write.ts'
import { uncompress } from '../../codecs/snappy/snappy.ts'
import { HttpListener, type ReceivedRequest, type Reply, textReply } from '../../http/index.ts'
import {
  type Context,
  createContext,
  defineReceiver,
  type Emit,
  type HealthStatus,
  healthy,
  type ListenAddress,
  listenProblem,
  metrics,
  ok,
  parseListenAddress,
  type Receiver,
  Secret,
  secret,
  size,
  toError,
  unhealthy,
  WaybillError,
  z,
} from '../../sdk.ts'
import { replyTo } from './replies.ts'

const config = z
  .strictObject({
    listen: z
      .string()
      .default('127.0.0.1:9201')
      .describe('Where senders write to: `host:port`, `[::1]:port`, or `:port` for every address. Port 0 takes any that is free.'),
    path: z
      .string()
      .regex(/^\/[^\s?#]*$/, 'must begin with / and have no ?, # or space')
      .default('/api/v1/write')
      .describe('The path of the requests.'),
    token: secret().optional().describe('What a sender has to send as `Authorization: Bearer …`. Needed to listen beyond loopback.'),
    maxBodySize: size()
      .prefault('32MiB')
      .describe('What a request has at most, as it comes and unpacked. Larger ones are answered with 413.'),
    maxRequests: z
      .int()
      .min(1)
      .default(16)
      .describe('How many requests are taken at once, each in memory until it is accepted. Further ones are told to come again.'),
  })
  .superRefine(({ listen, token }, context) => {
    const problem = listenProblem(listen, token !== undefined)
    if (problem) context.addIssue({ code: 'custom', path: ['listen'], message: problem })
  })

/** As under `config:`. */
export type PrometheusRemoteWriteReceiverOptions = Omit<z.input<typeof config>, 'token'> & {
  /** Default: `prometheus_remote_write`. */
  readonly name?: string
  readonly token?: string | Secret | undefined
}

/** By the parameter `proto` of the content type (RFC 9110, 8.3); without one it is version 1. */
const messages: Readonly<Record<string, RemoteWriteVersion>> = { 'prometheus.writerequest': 1, 'io.prometheus.write.v2.request': 2 }

/**
 * Takes what others send by Prometheus remote write, in both versions. A sender is told that a request was taken once everything that
 * must have it has accepted it.
 */
export class PrometheusRemoteWriteReceiver implements Receiver {
  readonly name: string
  readonly #config: z.output<typeof config>
  readonly #decoders = { 1: new RemoteWriteDecoder(1), 2: new RemoteWriteDecoder(2) }
  #listener: HttpListener | undefined
  #failure: WaybillError | undefined
  #stopped = false

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'prometheus_remote_write', token, ...options }: PrometheusRemoteWriteReceiverOptions = {}) {
    const given = token instanceof Secret ? token.reveal() : token
    const parsed = config.safeParse({ ...options, ...(given !== undefined && { token: given }) })
    if (!parsed.success)
      throw new WaybillError('INVALID_OPTION', `options of PrometheusRemoteWriteReceiver: ${z.prettifyError(parsed.error)}`)
    this.name = name
    this.#config = parsed.data
  }

  /** Where it listens; undefined when it does not. */
  address(): ListenAddress | undefined {
    return this.#listener?.address
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when it cannot. */
  async listen(emit: Emit, { clock, log }: Context): Promise<void> {
    if (this.#listener) return
    const { listen, path, token, maxBodySize: mostBodyBytes, maxRequests: mostRequests } = this.#config
    this.#stopped = false
    const listener = new HttpListener({
      address: parseListenAddress(listen),
      token,
      routes: { [path]: { POST: (request) => this.#take(request, emit) } },
      mostBodyBytes,
      mostRequests,
      unpacking: { snappy: uncompress },
      clock,
      log,
    })
    try {
      await listener.listen()
    } catch (thrown) {
      this.#failure = thrown as WaybillError
      throw thrown
    }
    this.#failure = undefined
    this.#listener = listener
    if (this.#stopped) await this.stop()
  }

  /** Takes no more; what is under way is answered first, until the signal aborts. */
  async stop(context: Pick<Context, 'signal'> = createContext()): Promise<void> {
    this.#stopped = true
    const listener = this.#listener
    this.#listener = undefined
    await listener?.close(context)
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    if (this.#failure) return unhealthy(this.#failure.explain())
    return this.#listener ? healthy : { state: 'starting' }
  }

  async #take({ headers, body }: ReceivedRequest, emit: Emit): Promise<Reply> {
    const version = versionOf(headers['content-type'])
    if (!version)
      return textReply(415, `this takes application/x-protobuf with proto=prometheus.WriteRequest or proto=io.prometheus.write.v2.Request`)
    let decoded: DecodedRequest
    try {
      decoded = this.#decoders[version].decode(body)
    } catch (thrown) {
      return textReply(thrown instanceof RangeError ? 413 : 400, `not taken: ${toError(thrown).message}`)
    }
    const { points } = decoded
    return replyTo(points.length > 0 ? await emit(metrics(points)) : ok, decoded)
  }
}

function versionOf(contentType = ''): RemoteWriteVersion | undefined {
  const [type, ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  if (type !== 'application/x-protobuf') return undefined
  const proto = parameters.find((parameter) => parameter.startsWith('proto='))
  return proto === undefined ? 1 : messages[proto.slice('proto='.length).replaceAll('"', '')]
}

/** Takes remote writes. */
export default defineReceiver({
  type: 'prometheus_remote_write',
  summary: 'Takes what Prometheus, vmagent, Alloy or any other sender of Prometheus remote write sends, version 1 or 2.',
  stability: 'beta',
  signals: ['metrics'],
  config,
  create: ({ name, config }) => new PrometheusRemoteWriteReceiver({ ...config, name }),
})
