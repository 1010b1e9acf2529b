import { metricName } from '../../codecs/prometheus-text/family.ts'
import { PrometheusTextEncoder } from '../../codecs/prometheus-text/prometheus-text.ts'
import {
  type Context,
  cannotListen,
  defineExporter,
  duration,
  type EventExporter,
  type ExportResult,
  formatAddress,
  type HealthStatus,
  healthy,
  type ListenAddress,
  listenProblem,
  type MetricsBatch,
  metrics,
  ok,
  type Point,
  parseListenAddress,
  partial,
  type Rejection,
  retry,
  type Secret,
  secret,
  series,
  toError,
  unhealthy,
  WaybillError,
  z,
} from '../../sdk.ts'
import { ExposedSeries } from './exposed-series.ts'
import { MetricsServer } from './metrics-server.ts'
import { negotiateFormat } from './negotiate.ts'

const config = z
  .strictObject({
    listen: z
      .string()
      .default('127.0.0.1:9464')
      .describe('Where Prometheus scrapes: `host:port`, `[::1]:port`, or `:port` for every address. Port 0 takes any that is free.'),
    path: z
      .string()
      .regex(/^\/[^\s?#]*$/, 'must begin with / and have no ?, # or space')
      .default('/metrics')
      .describe('The path of the metrics.'),
    token: secret().optional().describe('What a scraper has to send as `Authorization: Bearer …`. Needed to listen beyond loopback.'),
    prefix: z
      .string()
      .regex(metricName, 'must be of letters, digits and _, with no digit in front')
      .optional()
      .describe('Put in front of the name of every metric, with a `_` between.'),
    staleAfter: duration().prefault('5m').describe('A series without a new point for so long is no longer exposed.'),
    maxSeries: z.int().min(1).default(100_000).describe('How many series are exposed at most; points of further ones are rejected.'),
    resourceAttributes: z
      .array(z.string().min(1))
      .default([])
      .describe('Attributes of the resource to add as labels, such as `host.name` where several machines send here.'),
    createdTimestamps: z.boolean().default(false).describe('Whether to say in OpenMetrics when counting began, as `_created` samples.'),
  })
  .superRefine(({ listen, token }, context) => {
    const problem = listenProblem(listen, token !== undefined)
    if (problem) context.addIssue({ code: 'custom', path: ['listen'], message: problem })
  })

/** As under `config:`. */
export type PrometheusExporterOptions = Omit<z.input<typeof config>, 'token'> & {
  /** Default: `prometheus`. */
  readonly name?: string
  readonly token?: string | Secret | undefined
}

/**
 * Exposes the newest point of each series for Prometheus to scrape. `ok` means that the points can be scraped from now on.
 * Before it listens, and after a stop, points are answered with `retry`.
 */
export class PrometheusExporter implements EventExporter<MetricsBatch> {
  readonly name: string
  readonly #listen: ListenAddress
  readonly #path: string
  readonly #token: Secret | undefined
  readonly #series: ExposedSeries
  readonly #encoders: Readonly<Record<'text' | 'openmetrics', PrometheusTextEncoder>>
  #lastExportMs: number | undefined
  #starting: Promise<void> | undefined
  #closing: Promise<void> = Promise.resolve()
  #server: MetricsServer | undefined
  #stopped = false
  #failure: WaybillError | undefined

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'prometheus', token, ...options }: PrometheusExporterOptions = {}) {
    const given = typeof token === 'object' ? token.reveal() : token
    const parsed = config.safeParse({ ...options, ...(given !== undefined && { token: given }) })
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of PrometheusExporter: ${z.prettifyError(parsed.error)}`)
    const { listen, path, prefix = '', staleAfter, maxSeries, resourceAttributes, createdTimestamps: created } = parsed.data
    this.name = name
    this.#listen = parseListenAddress(listen)
    this.#path = path
    this.#token = parsed.data.token
    this.#series = new ExposedSeries({ prefix, staleAfterMs: staleAfter, maxSeries })
    this.#encoders = {
      text: new PrometheusTextEncoder({ format: 'text', prefix, resourceAttributes }),
      openmetrics: new PrometheusTextEncoder({ format: 'openmetrics', prefix, resourceAttributes, created }),
    }
  }

  /** Where it listens; undefined when it does not. */
  address(): ListenAddress | undefined {
    return this.#server?.address
  }

  get destination(): string {
    return `http://${formatAddress(this.address() ?? this.#listen)}${this.#path}`
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when it cannot listen. */
  start(context: Context): Promise<void> {
    this.#stopped = false
    this.#starting ??= this.#open(context)
    return this.#starting
  }

  async export(_time: Date, { points }: MetricsBatch, { clock }: Context): Promise<ExportResult> {
    if (!this.#server)
      return retry(this.#failure ?? new Error(`${this.name} does not listen ${this.#stopped ? 'any more' : 'yet'}`), {
        scope: 'destination',
      })
    const nowMs = clock.monotonic()
    if (this.#series.isFull) this.#series.expire(nowMs)
    const rejected: Rejection[] = []
    for (const [index, point] of points.entries()) {
      const error = this.#series.take(point, nowMs)
      if (error) rejected.push({ index, error })
    }
    this.#lastExportMs = nowMs
    return rejected.length > 0 ? partial(rejected) : ok
  }

  async stop(): Promise<void> {
    this.#stopped = true
    const starting = this.#starting
    this.#starting = undefined
    this.#closing = Promise.all([this.#closing, starting?.catch(() => {})]).then(() => this.#close())
    await this.#closing
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    if (this.#failure) return unhealthy(this.#failure.explain())
    return this.#server ? healthy : { state: 'starting' }
  }

  async #open({ clock, log }: Context): Promise<void> {
    await this.#closing
    const server = new MetricsServer({
      address: this.#listen,
      path: this.#path,
      token: this.#token,
      clock,
      log,
      expose: (accept) => this.#expose(accept, clock.monotonic()),
    })
    try {
      await server.listen()
    } catch (thrown) {
      this.#starting = undefined
      this.#failure = cannotListen(this.#listen, toError(thrown))
      throw this.#failure
    }
    this.#failure = undefined
    this.#server = server
  }

  async #close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    await server?.close()
  }

  #expose(accept: string | undefined, nowMs: number): { contentType: string; body: Uint8Array } {
    this.#series.expire(nowMs)
    const encoder = this.#encoders[negotiateFormat(accept)]
    return { contentType: encoder.contentType, body: encoder.encode(metrics([...this.#ownPoints(nowMs), ...this.#series.points()])) }
  }

  /** What the exporter says of itself, so that an exposition is never empty and shows when nothing comes any more. */
  #ownPoints(nowMs: number): readonly Point[] {
    const count: Point = { series: exposedCount, timeMs: nowMs, value: this.#series.size }
    if (this.#lastExportMs === undefined) return [count]
    return [count, { series: lastExportAge, timeMs: nowMs, value: (nowMs - this.#lastExportMs) / 1000 }]
  }
}

const exposedCount = series('waybill.prometheus.series', {}, { unit: '{series}', help: 'Series that are exposed.' })
const lastExportAge = series('waybill.prometheus.last_export.age', {}, { unit: 's', help: 'How long ago points came last.' })

/** Exposes metrics for Prometheus to scrape. */
export default defineExporter({
  type: 'prometheus',
  summary: 'Exposes the newest point of each series over HTTP for Prometheus to scrape, as text or OpenMetrics.',
  stability: 'stable',
  signals: ['metrics'],
  config,
  create: ({ name, config }) => new PrometheusExporter({ ...config, name }),
})
