import { revealed } from '../../http/index.ts'
import {
  type Context,
  createContext,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  type ListenAddress,
  type MetricsBatch,
  partial,
  type Rejection,
  type Secret,
  WaybillError,
  z,
} from '../../sdk.ts'
import { type Config, config } from './config.ts'
import { Exposition } from './exposition.ts'
import { Pull } from './pull.ts'
import { Push } from './push.ts'
import type { Registry } from './registry.ts'
import type { Way } from './way.ts'

/** As under `config:`. */
export type PrometheusExporterOptions = Omit<z.input<typeof config>, 'token'> & {
  /** Default: `prometheus`. */
  readonly name?: string
  readonly token?: string | Secret | undefined
  /** Another name of `path`. */
  readonly metricsPath?: string
  /** Another name of `additionalLabels`. */
  readonly labels?: Readonly<Record<string, string>>
  /** A registry of prom-client, whose metrics are exposed or pushed too. */
  readonly registry?: Registry
}

/**
 * Brings the newest point of each series to Prometheus: exposed to be scraped, where `ok` means that the points can be from now on; or
 * pushed to a Pushgateway, where it means that this has taken them. Before it listens, and after a stop, points are answered with `retry`.
 */
export class PrometheusExporter implements EventExporter<MetricsBatch> {
  readonly name: string
  readonly #exposition: Exposition
  readonly #way: Way
  #unmapped = 0

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'prometheus', registry, ...given }: PrometheusExporterOptions = {}) {
    const parsed = config.safeParse(spelled(given))
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of PrometheusExporter: ${z.prettifyError(parsed.error)}`)
    const { data } = parsed
    this.name = name
    if (data.pushgatewayUrl === undefined) {
      const { listen = `127.0.0.1:${data.metricsPort ?? 9464}`, path, token } = data
      this.#exposition = new Exposition({ ...data, registry })
      this.#way = new Pull(this.#exposition, { listen, path, token })
    } else {
      const group = groupOf(data)
      this.#exposition = new Exposition({ ...data, registry, groupLabels: Object.keys(group) })
      this.#way = new Push(this.#exposition, { ...data, url: data.pushgatewayUrl, group })
    }
  }

  /** Where it listens; undefined when it does not. */
  address(): ListenAddress | undefined {
    return this.#way.address()
  }

  get destination(): string {
    return this.#way.destination
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when it cannot listen. */
  start(context: Context): Promise<void> {
    return this.#way.start(context)
  }

  async export(_time: Date, { points }: MetricsBatch, context: Context): Promise<ExportResult> {
    const unavailable = this.#way.unavailable()
    if (unavailable) return unavailable
    const { rejected, unmapped } = this.#exposition.take(points, context.clock.monotonic())
    const delivered = await this.#way.deliver(context)
    if (delivered.status === 'retry') return delivered
    // The caller has what is left of the batch no more.
    this.#unmapped += unmapped.length
    if (unmapped.length > 0) context.receipt?.drop('unmapped', unmapped.length)
    if (!('error' in delivered)) return rejected.length > 0 ? partial(rejected) : delivered
    // Else it would be refused again with every push.
    this.#exposition.forget(points)
    return unmapped.length === 0 ? delivered : partial(allBut(unmapped, points.length, delivered.error))
  }

  /** Points of metrics that the user has not mapped, since it was made. */
  filteredCount(): number {
    return this.#unmapped
  }

  /** What is pushed is deleted, if so asked for; a scraper finds nobody. */
  stop(context = createContext()): Promise<void> {
    return this.#way.stop(context)
  }

  health(): HealthStatus {
    return this.#way.health()
  }
}

/** With the names of the schema. */
function spelled({ token, metricsPath, labels, ...options }: Omit<PrometheusExporterOptions, 'name' | 'registry'>): z.input<typeof config> {
  const secret = typeof token === 'object' ? token.reveal() : token
  return {
    ...(metricsPath !== undefined && { path: metricsPath }),
    ...(labels && { additionalLabels: labels }),
    ...options,
    ...(secret !== undefined && { token: secret }),
  }
}

const groupOf = ({ jobName, instanceLabel, groupingKey }: Config): Readonly<Record<string, string>> => ({
  job: jobName,
  ...(instanceLabel !== undefined && { instance: instanceLabel }),
  ...groupingKey,
})

/** Rejections of all points but some. */
function allBut(indexes: readonly number[], count: number, error: Error): readonly Rejection[] {
  const others = new Set(indexes)
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => (others.has(index) ? [] : [{ index, error }]))
}

/** Brings metrics to Prometheus. */
export default defineExporter({
  type: 'prometheus',
  summary: 'Exposes the newest point of each series for Prometheus to scrape, as text or OpenMetrics, or pushes it to a Pushgateway.',
  stability: 'stable',
  signals: ['metrics'],
  config,
  traits: {
    formats: 'Prometheus text 0.0.4, OpenMetrics 1.0',
    compression: 'gzip',
    authentication: 'bearer to scrape it; to push as http',
    order: 'newest of each series',
    repeats: 'replaced',
    limits: 'none',
    tested: 'Prometheus 2.42, Pushgateway 1.5',
  },
  create: ({ name, config }) => new PrometheusExporter({ ...revealed(config), name }),
})
