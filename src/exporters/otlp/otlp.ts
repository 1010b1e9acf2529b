import {
  decodeResponse,
  type OtlpBatch,
  type OtlpEncoderOptions,
  OtlpJsonEncoder,
  OtlpProtobufEncoder,
  type OtlpSignal,
} from '../../codecs/otlp/otlp.ts'
import { revealed } from '../../http/index.ts'
import {
  ByteWriter,
  type Context,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  healthy,
  ok,
  partial,
  recordsOf,
  toError,
  WaybillError,
  z,
} from '../../sdk.ts'
import { type Config, config, type Protocol } from './config.ts'
import { type Destination, destinationOf, type Sent } from './destination.ts'
import { endpointOf } from './endpoints.ts'
import { settingsFrom } from './environment.ts'
import { SpanSelection } from './span-selection.ts'

export interface OtlpExporterOptions extends z.input<typeof config> {
  /** Default: `otlp`. */
  readonly name?: string
  /** The same as `endpoint` and `protocol`, under the names that their first users know. */
  readonly otlpEndpoint?: string
  readonly otlpProtocol?: Protocol
}

/** How the requests of one signal are made and sent. */
interface Route {
  readonly encoder: OtlpProtobufEncoder | OtlpJsonEncoder
  readonly destination: Destination
  readonly path: string | undefined
}

/**
 * Sends points, spans, log records and alerts to a collector, or whatever else takes OTLP. `ok` means that the server has taken them. A
 * server that refuses some only tells how many. No header is in an address, a message or a log.
 */
export class OtlpExporter implements EventExporter<OtlpBatch> {
  readonly name: string
  readonly #routes: Readonly<Record<OtlpSignal, Route>>
  readonly #destinations: readonly Destination[]
  readonly #warnings: ReadonlySet<string>
  readonly #selection: SpanSelection
  readonly #writer = new ByteWriter()

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'otlp', otlpEndpoint: endpoint, otlpProtocol: protocol, ...others }: OtlpExporterOptions) {
    const options = { ...(endpoint !== undefined && { endpoint }), ...(protocol !== undefined && { protocol }), ...others }
    const parsed = config.safeParse(options.environment ? withEnvironment(options) : options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of OtlpExporter: ${z.prettifyError(parsed.error)}`)
    const destinations = new Map<string, Destination>()
    const encoders = encodersOf(parsed.data)
    const warnings: string[] = []
    const routeOf = (signal: OtlpSignal): Route => {
      const endpoint = endpointOf(signal, parsed.data)
      const key = `${endpoint.protocol === 'grpc' ? 'grpc' : 'http'} ${endpoint.url}`
      const destination = destinations.get(key) ?? destinationOf(endpoint, parsed.data)
      destinations.set(key, destination)
      if (endpoint.warning !== undefined) warnings.push(endpoint.warning)
      return { encoder: endpoint.protocol === 'http/json' ? encoders.json : encoders.protobuf, destination, path: endpoint.path }
    }
    this.name = name
    this.#routes = { metrics: routeOf('metrics'), traces: routeOf('traces'), logs: routeOf('logs') }
    this.#destinations = [...destinations.values()]
    this.#warnings = new Set(warnings)
    this.#selection = new SpanSelection(parsed.data)
  }

  get destination(): string {
    return [...new Set(this.#destinations.map(({ address }) => address))].join(', ')
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  async start(context: Context): Promise<void> {
    for (const warning of this.#warnings) context.log.warn(warning)
    await Promise.all(this.#destinations.map((destination) => destination.start(context)))
  }

  async export(_time: Date, batch: OtlpBatch, context: Context): Promise<ExportResult> {
    if (batch.signal !== 'traces') return this.#export(batch, context)
    const { batch: selected, indexes } = this.#selection.of(batch)
    const dropped = batch.spans.length - indexes.length
    const result = await this.#export(selected, context)
    // The whole is the caller's again then, to be selected from in the same way.
    if (dropped === 0 || result.status === 'retry' || result.status === 'too-large') return result
    context.receipt?.drop('sampled', dropped)
    return inWhole(result, indexes)
  }

  /** Lets what is under way be answered, until the signal aborts. */
  async stop(context: Context): Promise<void> {
    await Promise.all(this.#destinations.map((destination) => destination.stop(context)))
  }

  /** Unhealthy as soon as one of its servers is. */
  health(): HealthStatus {
    const all = this.#destinations.map((destination) => destination.health())
    return all.find(({ state }) => state !== 'healthy') ?? healthy
  }

  async #export(batch: OtlpBatch, context: Context): Promise<ExportResult> {
    const count = recordsOf(batch).length
    const signal = batch.signal === 'alerts' ? 'logs' : batch.signal
    const { encoder, destination, path } = this.#routes[signal]
    this.#writer.clear()
    const unwritten = encoder.encodeInto(this.#writer, batch)
    if (unwritten.length === count) return count === 0 ? ok : partial(unwritten)
    const body = this.#writer.take()
    const { result, answer } = await destination.send({ path, body, contentType: encoder.contentType }, context)
    if (result.status !== 'ok') return result
    const refused = answer ? this.#refused(signal, destination, answer, context) : undefined
    const rejected = refused ? [...unwritten, { ...refused, count: Math.min(refused.count, count - unwritten.length) }] : unwritten
    return rejected.length === 0 ? ok : partial(rejected)
  }

  /** What the server refused of a request that it took. */
  #refused(signal: OtlpSignal, { address, redact }: Destination, { bytes, form }: Answer, { log }: Context): Refused | undefined {
    try {
      const { rejected, message } = decodeResponse(signal, bytes, form)
      const said = redact(message)
      if (rejected > 0) return { count: rejected, error: new Error(`${address} refused ${rejected} of the records${said && `: ${said}`}`) }
      if (said) log.warn('the server took all, and says', { exporter: this.name, message: said })
    } catch (thrown) {
      log.debug('the server took all, and its answer cannot be read', { exporter: this.name, error: toError(thrown) })
    }
    return undefined
  }
}

type Answer = NonNullable<Sent['answer']>

interface Refused {
  readonly count: number
  readonly error: Error
}

/** What is given, and for what is not what the environment says. */
function withEnvironment(given: z.input<typeof config>): object {
  const { headers, tls, ...others } = settingsFrom(process.env)
  return { ...others, ...given, headers: { ...headers, ...given.headers }, tls: { ...tls, ...given.tls } }
}

function encodersOf({ serviceName, serviceVersion, serviceNamespace, resourceAttributes }: Config) {
  const options: OtlpEncoderOptions = {
    resourceAttributes: {
      ...(serviceName !== undefined && { 'service.name': serviceName }),
      ...(serviceVersion !== undefined && { 'service.version': serviceVersion }),
      ...(serviceNamespace !== undefined && { 'service.namespace': serviceNamespace }),
      ...resourceAttributes,
    },
  }
  return { protobuf: new OtlpProtobufEncoder(options), json: new OtlpJsonEncoder(options) }
}

/** A final result of the records at `indexes`, in the indexes of the whole. */
function inWhole(result: ExportResult, indexes: readonly number[]): ExportResult {
  if (result.status === 'partial')
    return partial(
      result.rejected.map((rejection) => ('index' in rejection ? { ...rejection, index: indexes[rejection.index]! } : rejection)),
      result.retry.map((index) => indexes[index]!),
    )
  return result.status === 'reject' ? partial(indexes.map((index) => ({ index, error: result.error }))) : result
}

/** The same under the name that its first users know. */
export { OtlpExporter as OpenTelemetryExporter }

/** Sends points, spans, log records and alerts over OTLP. */
export default defineExporter({
  type: 'otlp',
  summary: 'Sends metrics, traces, logs and alerts to an OpenTelemetry Collector, or whatever else takes OTLP.',
  stability: 'beta',
  signals: ['metrics', 'traces', 'logs', 'alerts'],
  config,
  traits: {
    formats: 'OTLP: Protocol Buffers or JSON over HTTP, Protocol Buffers over gRPC',
    compression: 'gzip, zstd',
    authentication: 'headers, client certificate',
    order: 'as given',
    repeats: 'twice',
    limits: 'by 413 or RESOURCE_EXHAUSTED, in halves',
    tested: 'the official decoders, the server of @grpc/grpc-js; not the Collector itself',
  },
  create: ({ name, config }) => new OtlpExporter({ ...revealed(config), name }),
})
