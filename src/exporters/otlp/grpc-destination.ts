import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { retryDelayMs } from '../../codecs/otlp/otlp.ts'
import { type Compression, compressions } from '../../http/compression.ts'
import type { HttpSettings } from '../../http/options.ts'
import { RateLimit } from '../../http/rate-limit.ts'
import { redact } from '../../http/redact.ts'
import { secretsOf } from '../../http/secrets.ts'
import { Unavailable } from '../../http/unavailable.ts'
import { userAgent } from '../../http/user-agent.ts'
import { type Context, type ExportResult, type HealthStatus, healthy, ok, retry, toError, unhealthy, WaybillError } from '../../sdk.ts'
import { type GrpcAnswer, GrpcConnection } from './grpc-connection.ts'
import { fromGrpcStatus, fromOtherStatus, nameOfCode } from './grpc-result.ts'

export interface GrpcDestinationOptions extends HttpSettings {
  readonly url: string
  readonly compression: Compression
}

/** What became of a call. */
export interface GrpcOutcome {
  /** `ok`, or by the status of gRPC; a `retry` with scope `destination` when there was no answer. */
  readonly result: ExportResult
  /** The message that was answered, when `result` is `ok`. */
  readonly message?: Uint8Array
}

const gunzipped = promisify(gunzip)

/**
 * A server of gRPC that an exporter calls, one message for another, over a connection that is kept. It tries nothing again. Nothing that
 * it says holds a header.
 */
export class GrpcDestination {
  readonly address: string
  readonly #options: GrpcDestinationOptions
  readonly #connection: GrpcConnection
  readonly #headers: Readonly<Record<string, string>>
  readonly #rateLimit: RateLimit | undefined
  readonly #secrets: readonly string[]
  #stopped = false
  #failure: Error | undefined

  constructor(options: GrpcDestinationOptions) {
    const { url: text, headers, rateLimit } = options
    const url = new URL(text)
    this.address = url.origin
    this.#options = options
    this.#connection = new GrpcConnection(url, options)
    this.#headers = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.reveal()]))
    this.#rateLimit = rateLimit === undefined ? undefined : new RateLimit(rateLimit)
    this.#secrets = secretsOf({ ...options, url, auth: { type: 'none' } })
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  async start({ log }: Pick<Context, 'log'>): Promise<void> {
    this.#stopped = false
    try {
      await this.#connection.open()
      this.#failure = undefined
    } catch (thrown) {
      this.#failure = toError(thrown)
      throw thrown
    }
    if (this.#options.tls.insecure) log.warn('any certificate is taken for that of the server', { destination: this.address })
  }

  /** Never rejects: the result tells. An abort is a `retry` that blames nobody. */
  async call(path: string, message: Uint8Array, context: Context): Promise<GrpcOutcome> {
    try {
      const { compression, timeout } = this.#options
      const frame = framed(await compressions[compression](message), compression)
      this.#goOn(context)
      await this.#rateLimit?.turn(context)
      this.#goOn(context)
      const headers = {
        'user-agent': userAgent,
        'grpc-timeout': `${Math.ceil(Math.min(timeout, longestTimeout))}m`,
        'grpc-accept-encoding': 'gzip',
        ...(compression !== 'none' && { 'grpc-encoding': compression }),
        ...this.#headers,
      }
      return await this.#settle(path, await this.#connection.call({ path, headers, frame }, context))
    } catch (thrown) {
      if (context.signal.aborted) return { result: retry(new Error(`aborted before ${this.address} had answered`)) }
      return { result: this.#unavailable(toError(thrown)) }
    }
  }

  /** Lets what is under way be answered, until the signal aborts. */
  async stop({ signal }: Pick<Context, 'signal'>): Promise<void> {
    this.#stopped = true
    await this.#connection.close(signal)
  }

  /** Unhealthy, with the reason, from the first failure that is the destination’s until a call works. */
  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    if (!this.#failure) return healthy
    return unhealthy(this.#failure instanceof WaybillError ? this.#failure.explain() : this.#failure.message)
  }

  /** The beginning of a text of somebody else on one line, without the secrets of the options. */
  redact(text: string): string {
    return redact(text, this.#secrets)
  }

  #goOn({ signal }: Context): void {
    signal.throwIfAborted()
    if (this.#stopped) throw new Error(`the exporter to ${this.address} is stopped`)
  }

  async #settle(path: string, answer: GrpcAnswer): Promise<GrpcOutcome> {
    const result = this.#resultOf(path, answer)
    // A server that is busy now says neither that it is out of order nor that it works again.
    if (result.status !== 'retry') this.#failure = undefined
    else if (result.scope === 'destination') this.#failure = result.error
    return result.status === 'ok' ? { result, message: await messageIn(answer) } : { result }
  }

  #resultOf(path: string, { httpStatus, trailers }: GrpcAnswer): ExportResult {
    const asked = `${this.address}${path}`
    const status = trailers['grpc-status']
    if (httpStatus !== 200) return fromOtherStatus(httpStatus, `${asked} answered ${httpStatus}, not as gRPC does`)
    if (typeof status !== 'string') return fromOtherStatus(httpStatus, `${asked} gave no answer of gRPC`)
    const code = Number(status)
    if (code === 0) return ok
    const said = this.redact(decoded(String(trailers['grpc-message'] ?? '')))
    return fromGrpcStatus({
      code,
      message: `${asked} answered ${nameOfCode(code)}${said && `: ${said}`}`,
      retryDelayMs: delayIn(trailers['grpc-status-details-bin']),
    })
  }

  #unavailable(error: Error): ExportResult {
    if (!this.#stopped) this.#failure = error
    const afterMs = error instanceof Unavailable ? error.afterMs : undefined
    return retry(error, { scope: 'destination', ...(afterMs !== undefined && { afterMs }) })
  }
}

/** Eight digits at most. */
const longestTimeout = 99_999_999

const prefixBytes = 5

/** As in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md: whether it is compressed, its length, the message. */
function framed(message: Uint8Array, compression: Compression): Buffer {
  const frame = Buffer.allocUnsafe(prefixBytes + message.length)
  frame.writeUInt8(compression === 'none' ? 0 : 1, 0)
  frame.writeUInt32BE(message.length, 1)
  frame.set(message, prefixBytes)
  return frame
}

/** The message of an answer as far as it came: the status counts whatever becomes of it. */
async function messageIn({ headers, body }: GrpcAnswer): Promise<Uint8Array> {
  const message = body.subarray(prefixBytes)
  const compressed = body[0] === 1 && headers['grpc-encoding'] === 'gzip'
  return compressed ? gunzipped(message).catch(() => message) : message
}

function decoded(percentEncoded: string): string {
  try {
    return decodeURIComponent(percentEncoded)
  } catch {
    return percentEncoded
  }
}

/** What asks for a delay is not worth failing for. */
function delayIn(details: string | string[] | undefined): number | undefined {
  if (typeof details !== 'string') return undefined
  try {
    return retryDelayMs(Buffer.from(details, 'base64'))
  } catch {
    return undefined
  }
}
