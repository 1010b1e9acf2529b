import { HttpListener, type ReceivedRequest, type Reply, textReply } from '../../http/index.ts'
import {
  type Batch,
  type Clock,
  type Context,
  createContext,
  defineReceiver,
  type Emit,
  type HealthStatus,
  healthy,
  type ListenAddress,
  listenProblem,
  ok,
  parseListenAddress,
  type Receiver,
  recordsOf,
  Secret,
  type Signal,
  secret,
  signals,
  size,
  toError,
  unhealthy,
  WaybillError,
  z,
} from '../../sdk.ts'
import { BodyReader } from './body-reader.ts'
import { replyTo } from './replies.ts'

const config = z
  .strictObject({
    listen: z
      .string()
      .default('127.0.0.1:8080')
      .describe('Where senders post to: `host:port`, `[::1]:port`, or `:port` for every address. Port 0 takes any that is free.'),
    token: secret().optional().describe('What a sender has to send as `Authorization: Bearer …`. Needed to listen beyond loopback.'),
    maxBodySize: size()
      .prefault('8MiB')
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
export type HttpReceiverOptions = Omit<z.input<typeof config>, 'token'> & {
  /** Default: `http`. */
  readonly name?: string
  readonly token?: string | Secret | undefined
}

/**
 * Takes records of every signal that others post as JSON, at a path each. A sender is told that a request was taken once everything
 * that must have it has accepted it. Of a request with a record that cannot be read, nothing is handed on.
 */
export class HttpReceiver implements Receiver {
  readonly name: string
  readonly #config: z.output<typeof config>
  readonly #reader = new BodyReader()
  #listener: HttpListener | undefined
  #failure: WaybillError | undefined
  #stopped = false

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'http', token, ...options }: HttpReceiverOptions = {}) {
    const given = token instanceof Secret ? token.reveal() : token
    const parsed = config.safeParse({ ...options, ...(given !== undefined && { token: given }) })
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of HttpReceiver: ${z.prettifyError(parsed.error)}`)
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
    const { listen, token, maxBodySize: mostBodyBytes, maxRequests: mostRequests } = this.#config
    this.#stopped = false
    const routes = Object.fromEntries(
      signals.map((signal) => [`/${signal}`, { POST: (request: ReceivedRequest) => this.#take(signal, request, { emit, clock }) }]),
    )
    const listener = new HttpListener({ address: parseListenAddress(listen), token, routes, mostBodyBytes, mostRequests, clock, log })
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

  async #take(signal: Signal, { headers, query, body }: ReceivedRequest, { emit, clock }: { emit: Emit; clock: Clock }): Promise<Reply> {
    if (headers.origin !== undefined && !this.#config.token) return textReply(403, 'without a token this is not for web pages')
    let batch: Batch
    try {
      batch = this.#reader.read(body, { signal, query, nowMs: clock.now() })
    } catch (thrown) {
      return textReply(400, `nothing was taken: ${toError(thrown).message}`)
    }
    const count = recordsOf(batch).length
    return replyTo(count > 0 ? await emit(batch) : ok, count)
  }
}

/** Takes posts of JSON. */
export default defineReceiver({
  type: 'http',
  summary: 'Takes points, logs, spans, alerts and rows that others post as JSON lines or arrays.',
  stability: 'beta',
  signals,
  config,
  create: ({ name, config }) => new HttpReceiver({ ...config, name }),
})
