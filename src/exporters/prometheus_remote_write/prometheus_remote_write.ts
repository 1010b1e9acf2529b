import { RemoteWriteEncoder } from '../../codecs/remote-write/remote-write.ts'
import { SnappyCompressor } from '../../codecs/snappy/snappy.ts'
import { HttpDestination, revealed } from '../../http/index.ts'
import {
  ByteWriter,
  type Context,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  type MetricsBatch,
  metrics,
  ok,
  type Point,
  partial,
  type Rejection,
  WaybillError,
  z,
} from '../../sdk.ts'
import { advice, interpreted, retryOnStatusCodes, written } from './answers.ts'
import { chunksOf } from './chunks.ts'
import { type Config, config, versionHeader } from './config.ts'

export interface PrometheusRemoteWriteExporterOptions extends z.input<typeof config> {
  /** Default: `prometheus_remote_write`. */
  readonly name?: string
}

const versions = { 1: '0.1.0', 2: '2.0.0' } as const

/**
 * Writes points to Prometheus, or whatever takes its remote write. `ok` means that the server has taken all. A point written twice is
 * the same point. No password or token is in an address, a message or a log.
 */
export class PrometheusRemoteWriteExporter implements EventExporter<MetricsBatch> {
  readonly name: string
  readonly #config: Config
  readonly #encoder: RemoteWriteEncoder
  readonly #compressor = new SnappyCompressor()
  readonly #writer = new ByteWriter()
  readonly #destination: HttpDestination
  readonly #headers: Readonly<Record<string, string>>

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'prometheus_remote_write', ...options }: PrometheusRemoteWriteExporterOptions) {
    const parsed = config.safeParse(options)
    if (!parsed.success)
      throw new WaybillError('INVALID_OPTION', `options of PrometheusRemoteWriteExporter: ${z.prettifyError(parsed.error)}`)
    const { version, prefix, nativeHistograms, ...given } = parsed.data
    this.name = name
    this.#config = parsed.data
    this.#encoder = new RemoteWriteEncoder({
      ...given,
      version,
      ...(prefix !== undefined && { prefix }),
      ...(nativeHistograms !== undefined && { nativeHistograms }),
    })
    this.#destination = new HttpDestination({
      ...given,
      retryOnStatusCodes: [...retryOnStatusCodes],
      advice,
      interpret: interpreted(version),
    })
    this.#headers = { 'Content-Encoding': 'snappy', [versionHeader]: versions[version] }
  }

  get destination(): string {
    return this.#destination.address
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  start(context: Context): Promise<void> {
    return this.#destination.start(context)
  }

  async export(_time: Date, { points }: MetricsBatch, context: Context): Promise<ExportResult> {
    const chunks = chunksOf(points, this.#config.maxPointsPerRequest)
    const rejected: Rejection[] = []
    for (const [at, indexes] of chunks.entries()) {
      const result = await this.#write(
        indexes.map((index) => points[index]!),
        context,
      )
      // Later points of a series must not come before those that are left.
      if (result.status === 'retry' || result.status === 'too-large') return at === 0 ? result : partial(rejected, chunks.slice(at).flat())
      if (result.status === 'reject' && chunks.length === 1) return result
      if (result.status === 'reject') rejected.push(...indexes.map((index) => ({ index, error: result.error })))
      if (result.status === 'partial') rejected.push(...result.rejected.map((r) => ('index' in r ? { ...r, index: indexes[r.index]! } : r)))
    }
    return rejected.length > 0 ? partial(rejected) : ok
  }

  /** Lets what is under way be answered, until the signal aborts. */
  stop(context: Context): Promise<void> {
    return this.#destination.stop(context)
  }

  health(): HealthStatus {
    return this.#destination.health()
  }

  /** One request. */
  async #write(points: readonly Point[], context: Context): Promise<ExportResult> {
    this.#writer.clear()
    const { samples, histograms, rejected } = this.#encoder.encodeInto(this.#writer, metrics(points))
    if (samples + histograms === 0) return rejected.length > 0 ? partial(rejected) : ok
    const body = this.#compressor.compress(this.#writer.view())
    const { contentType } = this.#encoder
    const { result, answer } = await this.#destination.send({ body, contentType, headers: this.#headers }, context)
    const told = answer ? written(answer, { samples, histograms, points: points.length - rejected.length }, result) : result
    return rejected.length > 0 ? withRejected(told, rejected, points.length) : told
  }
}

/** A result of the other points, with those that were not sent at all. */
function withRejected(result: ExportResult, unsent: readonly Rejection[], count: number): ExportResult {
  if (result.status === 'ok') return partial(unsent)
  if (result.status === 'partial') return partial([...unsent, ...result.rejected])
  if (result.status !== 'reject') return result
  const named = new Set(unsent.map((rejection) => ('index' in rejection ? rejection.index : undefined)))
  const sent = Array.from({ length: count }, (_, index) => index).filter((index) => !named.has(index))
  return partial([...unsent, ...sent.map((index) => ({ index, error: result.error }))])
}

/** Writes points by remote write. */
export default defineExporter({
  type: 'prometheus_remote_write',
  summary: 'Writes points to Prometheus, Mimir, VictoriaMetrics or whatever else takes Prometheus remote write, version 1 or 2.',
  stability: 'beta',
  signals: ['metrics'],
  ordered: 'per-series',
  config,
  traits: {
    formats: 'remote write 1.0 and 2.0',
    compression: 'snappy',
    authentication: 'API key, bearer, basic, OAuth 2.0, client certificate',
    order: 'per series',
    repeats: 'one point',
    limits: '`max_points_per_request`, then by 413 in halves',
    tested: 'Prometheus 2.42, VictoriaMetrics 1.79',
  },
  create: ({ name, config }) => new PrometheusRemoteWriteExporter({ ...revealed(config), name }),
})
