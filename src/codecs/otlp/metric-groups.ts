import { BoundedMap } from '../../core/bounded-map.ts'
import { type Point, type Rejection, type Series, SeriesCache } from '../../core/index.ts'
import { formOf, problemOf } from './data-points.ts'
import type { Elements, Format, Points } from './format.ts'
import type { Form } from './messages.ts'
import type { Origins, ScopeGroup } from './origins.ts'
import { isTimeMs } from './times.ts'

/** One metric of one scope. */
interface Metric<Prepared> {
  readonly points: Points<Prepared>
  readonly scope: ScopeGroup<Elements>
  /** The number of the request that it was last used in. */
  request: number
}

/** What a series becomes. */
interface Line<Prepared> {
  readonly prepared: Prepared
  /** The metric of its points that are numbers. */
  readonly numbers: Metric<Prepared>
}

const most = 10_000

/** Puts points under their metrics, for one request after the other. */
export class MetricGroups<Prepared> {
  readonly #format: Format<Prepared>
  readonly #origins: Origins<Elements>
  readonly #lines: SeriesCache<Line<Prepared>>
  readonly #metrics = new BoundedMap<Metric<Prepared>>(most)
  #request = 0

  constructor(format: Format<Prepared>, origins: Origins<Elements>) {
    this.#format = format
    this.#origins = origins
    this.#lines = new SeriesCache((series) => ({
      prepared: format.prepare(series),
      numbers: this.#metric(series, series.kind === 'counter' ? 'sum' : 'gauge'),
    }))
  }

  /** Begins a request with these points. Answers those that OTLP cannot say. */
  put(points: readonly Point[]): readonly Rejection[] {
    this.#request++
    const rejected: Rejection[] = []
    for (let index = 0; index < points.length; index++) {
      const error = this.#put(points[index]!)
      if (error) rejected.push({ index, error })
    }
    return rejected
  }

  #put(point: Point): Error | undefined {
    const { series, timeMs, startTimeMs, value, stale, exemplars } = point
    const { prepared, numbers } = this.#lines.get(series)
    if (typeof value === 'number' && !stale && !exemplars && isTimeMs(timeMs) && (startTimeMs === undefined || isTimeMs(startTimeMs))) {
      this.#use(numbers).number(point, prepared)
      return undefined
    }
    const problem = problemOf(point)
    if (!problem) this.#use(this.#metric(series, formOf(point))).point(point, prepared)
    return problem
  }

  #use(metric: Metric<Prepared>): Points<Prepared> {
    const { points } = metric
    if (metric.request !== this.#request) {
      metric.request = this.#request
      points.clear()
      this.#origins.use(metric.scope).element(points)
    }
    return points
  }

  #metric(series: Series, form: Form): Metric<Prepared> {
    const { name, unit, help, resource, scope } = series
    const qualities = qualitiesOf(series, form)
    const key = JSON.stringify([name, form, unit, qualities, resource?.key, scope?.key])
    const known = this.#metrics.get(key)
    if (known) return known
    const head = { name, ...(help && { description: help }), ...(unit && { unit }), [form]: qualities }
    const made = { points: this.#format.points(form, head), scope: this.#origins.group(resource, scope), request: 0 }
    this.#metrics.set(key, made)
    return made
  }
}

/** The enumeration `AggregationTemporality`. */
const temporalities = { delta: 1, cumulative: 2 } as const

/** What a metric of that form tells beside its points. */
function qualitiesOf({ temporality = 'cumulative', monotonic = true }: Series, form: Form): object {
  if (form === 'gauge' || form === 'summary') return {}
  const aggregationTemporality = temporalities[temporality]
  return form === 'sum' ? { aggregationTemporality, isMonotonic: monotonic } : { aggregationTemporality }
}
