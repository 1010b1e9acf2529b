import { type MetricsBatch, metrics } from '../core/batch.ts'
import type { Context } from '../core/context.ts'
import { formatAddress, type ListenAddress } from '../core/listen-address.ts'
import type { Point } from '../core/point.ts'
import { PrometheusExporter as Exposition, type PrometheusExporterOptions } from '../exporters/prometheus/prometheus.ts'
import { AdaptedExporter } from './adapted-exporter.ts'
import type { Metrics } from './base-exporter.ts'
import { PrometheusNames } from './prometheus-names.ts'
import { sampleBatch } from './sample-batch.ts'

export interface PrometheusExporterConfig extends Omit<PrometheusExporterOptions, 'name' | 'listen'> {
  /** Default: 9090, which is Prometheus' own: choose another where both run. 0 takes any that is free. */
  readonly port?: number
  /** Default: 127.0.0.1. Any other than this machine's own needs a `token`. */
  readonly address?: string
  /** Default: `cubestat`. */
  readonly prefix?: string
}

/** Exposes the newest sample for Prometheus to scrape at `/metrics`. A metric that is not in it has ended. */
export class PrometheusExporter extends AdaptedExporter<PrometheusExporterConfig> {
  readonly #exposition: Exposition
  readonly #names = new PrometheusNames()
  #calls = 0

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor(config: PrometheusExporterConfig = {}, context?: Context) {
    const { port = 9090, address = '127.0.0.1', prefix = 'cubestat', ...options } = config
    const listen = formatAddress({ host: address, port })
    const exposition = new Exposition({ ...options, name: 'PrometheusExporter', listen, prefix })
    super(() => exposition, { config, context })
    this.#exposition = exposition
  }

  /** Where it listens; undefined when it does not. */
  address(): ListenAddress | undefined {
    return this.#exposition.address()
  }

  /** In the order of the calls: the last one counts, whatever its time. */
  protected override batchOf(values: Metrics, unixSeconds: number): MetricsBatch {
    const timeMs = ++this.#calls
    const { points } = sampleBatch(values, unixSeconds, (name) => this.#names.of(name))
    const present = new Set(points.map(({ series }) => series))
    const ended = this.#names.names().filter((name) => !present.has(this.#names.of(name)))
    return metrics([
      ...ended.map((name): Point => ({ series: this.#names.end(name), timeMs, value: Number.NaN, stale: true })),
      ...points.map((point) => ({ ...point, timeMs })),
    ])
  }
}
