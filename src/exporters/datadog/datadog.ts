import { type HttpDestination, revealed } from '../../http/index.ts'
import { type IndexedRejection, type Part, type PartsOptions, sendParts } from '../../http/parts.ts'
import {
  type Alert,
  type AlertsBatch,
  type Context,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  healthy,
  type LogsBatch,
  type MetricsBatch,
  partial,
  Secret,
  type TracesBatch,
  WaybillError,
  z,
} from '../../sdk.ts'
import { alertEvent, eventTimeMs } from './alert-event.ts'
import { compressors } from './compressors.ts'
import { type Config, config, fromEnvironment } from './config.ts'
import { complaintsOf, type Intakes, intakesOf } from './intakes.ts'
import { logLimits, oldestLogMs, seriesLimits, traceLimits } from './limits.ts'
import { logItem } from './log-items.ts'
import { MetricsRequests } from './metrics.ts'
import { spanProblem, traceParts } from './trace-payload.ts'

export interface DatadogExporterOptions extends z.input<typeof config> {
  /** Default: `datadog`. */
  readonly name?: string
}

type DatadogBatch = MetricsBatch | TracesBatch | LogsBatch | AlertsBatch

interface Way {
  readonly destination: HttpDestination
  readonly path: string
  readonly contentType: string
  readonly compression: Config['compression']
}

/**
 * Sends points, spans and log records to Datadog, and alerts as events. `ok` means that it has taken all, in as many requests as its limits
 * ask for. The key is sent in a header, and is in no address, message or log.
 */
export class DatadogExporter implements EventExporter<DatadogBatch> {
  readonly name: string
  readonly #config: Config
  readonly #intakes: Intakes
  readonly #destinations: readonly HttpDestination[]
  #metrics: MetricsRequests | undefined

  /** What is not given is as the environment says. Throws WaybillError `INVALID_OPTION`, also where there is no key. */
  constructor({ name = 'datadog', ...options }: DatadogExporterOptions = {}) {
    const parsed = config.safeParse({ ...fromEnvironment(process.env), ...options })
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of DatadogExporter: ${z.prettifyError(parsed.error)}`)
    const { apiKey } = parsed.data
    if (!apiKey) throw new WaybillError('INVALID_OPTION', 'Datadog needs an API key', { hint: 'give api_key, or set DATADOG_API_KEY' })
    this.name = name
    this.#config = parsed.data
    this.#intakes = intakesOf(parsed.data, new Secret(apiKey.reveal()))
    this.#destinations = [...new Set(Object.values(this.#intakes) as HttpDestination[])]
  }

  get destination(): string {
    return this.#intakes.api.address
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  async start(context: Context): Promise<void> {
    this.#metrics ??= new MetricsRequests(this.#config, context.clock.now())
    await Promise.all(this.#destinations.map((destination) => destination.start(context)))
  }

  async export(_time: Date, batch: DatadogBatch, context: Context): Promise<ExportResult> {
    switch (batch.signal) {
      case 'metrics':
        return this.#exportMetrics(batch, context)
      case 'traces':
        return this.#exportTraces(batch, context)
      case 'logs':
        return this.#exportLogs(batch, context)
      case 'alerts':
        return this.#exportAlerts(batch, context)
    }
  }

  /** Lets what is under way be answered, until the signal aborts. */
  async stop(context: Context): Promise<void> {
    await Promise.all(this.#destinations.map((destination) => destination.stop(context)))
  }

  /** Unhealthy as soon as one of its addresses is. */
  health(): HealthStatus {
    return this.#destinations.map((destination) => destination.health()).find(({ state }) => state !== 'healthy') ?? healthy
  }

  #exportMetrics({ points }: MetricsBatch, context: Context): Promise<ExportResult> {
    this.#metrics ??= new MetricsRequests(this.#config, context.clock.now())
    return this.#metrics.send(points, context, ({ path, contentType, head, separator, tail }, parts) => {
      const frame = { ...(head && { head }), ...(separator && { separator }), ...(tail && { tail }) }
      return this.#send(
        { destination: this.#intakes.api, path, contentType, compression: this.#compressionOf(path) },
        parts,
        { ...seriesLimits, ...frame },
        context,
      )
    })
  }

  #exportTraces({ spans }: TracesBatch, context: Context): Promise<ExportResult> {
    const refused = refusedOf(spans, spanProblem)
    const unsayable = new Set(refused.map(({ index }) => index))
    const parts = traceParts(
      spans,
      [...spans.keys()].filter((index) => !unsayable.has(index)),
      this.#config,
    )
    const way = { destination: this.#intakes.traces, path: '/api/v0.2/traces', contentType: 'application/x-protobuf' }
    return this.#send({ ...way, compression: this.#config.compression }, parts, { ...traceLimits, refused }, context)
  }

  #exportLogs({ records }: LogsBatch, context: Context): Promise<ExportResult> {
    const refused = refusedOf(records, ({ timeNs }) => tooOld(Number(timeNs / 1_000_000n), context))
    const parts = partsOf(records, refused, (record) => logItem(record, this.#config))
    const frame = { head: Buffer.from('['), separator: Buffer.from(','), tail: Buffer.from(']') }
    const way = { destination: this.#intakes.logs, path: '/api/v2/logs', contentType: 'application/json' }
    return this.#send({ ...way, compression: this.#config.compression }, parts, { ...logLimits, ...frame, refused }, context)
  }

  /** The API takes one event at a time. */
  #exportAlerts({ alerts }: AlertsBatch, context: Context): Promise<ExportResult> {
    const refused = refusedOf(alerts, (alert: Alert) => tooOld(eventTimeMs(alert), context))
    const parts = partsOf(alerts, refused, (alert) => alertEvent(alert, this.#config))
    const way = { destination: this.#intakes.api, path: '/api/v1/events', contentType: 'application/json', compression: 'none' } as const
    return this.#send(way, parts, { mostBytes: seriesLimits.mostBytes, mostCount: 1, refused }, context)
  }

  #compressionOf(path: string): Config['compression'] {
    const { compression } = this.#config
    return path.startsWith('/api/v1/') && compression !== 'none' ? 'deflate' : compression
  }

  #send(
    { destination, path, contentType, compression }: Way,
    parts: readonly Part[],
    limits: Omit<PartsOptions, 'send' | 'pack'>,
    context: Context,
  ): Promise<ExportResult> {
    return sendParts(parts, {
      ...limits,
      pack: compressors[compression],
      send: async (body) => {
        const headers = compression === 'none' ? {} : { 'Content-Encoding': compression }
        const { result, answer } = await destination.send({ path, body, contentType, headers }, context)
        const complaints = result.status === 'ok' && answer ? complaintsOf(answer) : []
        if (complaints.length === 0) return result
        return partial([
          { count: 1, error: new Error(`${destination.address} took it, and says: ${destination.redact(complaints.join('; '))}`) },
        ])
      },
    })
  }
}

function refusedOf<T>(records: readonly T[], problemOf: (record: T) => Error | undefined): readonly IndexedRejection[] {
  return records.flatMap((record, index) => {
    const error = problemOf(record)
    return error ? [{ index, error }] : []
  })
}

/** A part of JSON for each record that is not refused. */
function partsOf<T>(records: readonly T[], refused: readonly IndexedRejection[], of: (record: T) => object): readonly Part[] {
  const left = new Set(refused.map(({ index }) => index))
  return records.flatMap((record, index) => (left.has(index) ? [] : [{ bytes: Buffer.from(JSON.stringify(of(record))), records: [index] }]))
}

const tooOld = (timeMs: number, { clock }: Context): Error | undefined =>
  timeMs >= clock.now() - oldestLogMs ? undefined : new Error('it is older than 18 hours, which Datadog does not take')

/** Sends points, spans, log records and alerts to Datadog. */
export default defineExporter({
  type: 'datadog',
  summary: 'Sends metrics, traces and logs to Datadog, and alerts as events.',
  stability: 'beta',
  signals: ['metrics', 'traces', 'logs', 'alerts'],
  config,
  traits: {
    formats: 'JSON; metrics and traces as Protocol Buffers too',
    compression: 'gzip, zstd, deflate',
    authentication: 'API key',
    order: 'as given',
    repeats: 'metrics: one point; logs, spans and events: twice',
    limits: 'those of each API by number and bytes, split; then by 413 in halves',
    tested: 'a server of the tests after the published API; version 1: VictoriaMetrics 1.79',
  },
  create: ({ name, config }) => new DatadogExporter({ ...revealed(config), name }),
})
