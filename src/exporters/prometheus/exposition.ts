import { type PrometheusFormat, PrometheusTextEncoder } from '../../codecs/prometheus-text/prometheus-text.ts'
import { metrics, type Point, type Rejection } from '../../sdk.ts'
import type { Config } from './config.ts'
import { ExposedSeries } from './exposed-series.ts'
import { MappedSeries } from './mapped-series.ts'
import type { Exposition as Text } from './metrics-server.ts'
import { type Registry, withRegistry } from './registry.ts'

export interface ExpositionOptions
  extends Pick<
    Config,
    'prefix' | 'staleAfter' | 'maxSeries' | 'resourceAttributes' | 'createdTimestamps' | 'metricsMapping' | 'additionalLabels'
  > {
  /** Labels that all of it has elsewhere. */
  readonly groupLabels?: readonly string[]
  readonly registry?: Registry | undefined
}

/** What became of points. */
export interface Taken {
  /** By their indexes. */
  readonly rejected: readonly Rejection[]
  /** Those that the user has not mapped. */
  readonly unmapped: readonly number[]
}

/** The newest point of each series, as Prometheus reads it. */
export class Exposition {
  readonly #series: ExposedSeries
  readonly #mapped: MappedSeries | undefined
  readonly #encoders: Readonly<Record<PrometheusFormat, PrometheusTextEncoder>>
  readonly #registry: Registry | undefined

  constructor({ staleAfter, maxSeries, prefix = '', createdTimestamps: created, registry, ...mapping }: ExpositionOptions) {
    const { resourceAttributes, metricsMapping, additionalLabels, groupLabels } = mapping
    const asTheyAre = !metricsMapping && !groupLabels && Object.keys(additionalLabels).length === 0
    this.#series = new ExposedSeries({ prefix, staleAfterMs: staleAfter, maxSeries })
    this.#mapped = asTheyAre ? undefined : new MappedSeries(mapping)
    this.#encoders = {
      text: new PrometheusTextEncoder({ format: 'text', prefix, resourceAttributes }),
      openmetrics: new PrometheusTextEncoder({ format: 'openmetrics', prefix, resourceAttributes, created }),
    }
    this.#registry = registry
  }

  get size(): number {
    return this.#series.size
  }

  /** Takes points that come at `nowMs`, in milliseconds from an arbitrary zero. */
  take(points: readonly Point[], nowMs: number): Taken {
    if (this.#series.isFull) this.#series.expire(nowMs)
    const rejected: Rejection[] = []
    const unmapped: number[] = []
    for (const [index, given] of points.entries()) {
      const point = this.#map(given)
      const error = point && this.#series.take(point, nowMs)
      if (!point) unmapped.push(index)
      else if (error) rejected.push({ index, error })
    }
    return { rejected, unmapped }
  }

  /** Lets go the series of these points. */
  forget(points: readonly Point[]): void {
    for (const given of points) {
      const point = this.#map(given)
      if (point) this.#series.forget(point)
    }
  }

  /** What holds at `nowMs`, and these points of the exporter's own. A registry has a format of its own, which is that of all then. */
  async text(wanted: PrometheusFormat, nowMs: number, own: readonly Point[] = []): Promise<Text> {
    this.#series.expire(nowMs)
    const registry = this.#registry
    const format = !registry ? wanted : registry.contentType.includes('openmetrics') ? 'openmetrics' : 'text'
    const encoder = this.#encoders[format]
    const body = encoder.encode(metrics([...own, ...this.#series.points()]))
    return { contentType: encoder.contentType, body: registry ? await withRegistry(body, registry) : body }
  }

  #map(point: Point): Point | undefined {
    if (!this.#mapped) return point
    const series = this.#mapped.of(point.series)
    return series && { ...point, series }
  }
}
