import { type Increment, Increments } from '../../codecs/increments/increments.ts'
import type { Part } from '../../http/parts.ts'
import {
  type Context,
  type ExportResult,
  formatDuration,
  isExponentialHistogram,
  isHistogram,
  ok,
  type Point,
  type PointValue,
  partial,
  type Rejection,
} from '../../sdk.ts'
import type { Config } from './config.ts'
import { mostAheadMs } from './limits.ts'
import { distributionJson, type SeriesFormat, seriesJson, seriesJson1, seriesProtobuf } from './series-formats.ts'
import { SeriesLines } from './series-lines.ts'

/** Points of a series in one part at most. */
const mostTogether = 1000

/** Sends parts that are written in a format. */
export type SendSeries = (format: SeriesFormat, parts: readonly Part[]) => Promise<ExportResult>

/** Says points in Datadog's way, and in which requests. */
export class MetricsRequests {
  readonly #maxAgeMs: number
  readonly #format: SeriesFormat
  readonly #lines: SeriesLines
  readonly #increments: Increments

  constructor(config: Config, startedMs: number) {
    this.#maxAgeMs = config.maxAge
    this.#format = config.version === 1 ? seriesJson1 : config.format === 'json' ? seriesJson : seriesProtobuf
    this.#lines = new SeriesLines(config)
    this.#increments = new Increments(startedMs)
  }

  /** What becomes of the points. Only those that can be said are sent. */
  async send(points: readonly Point[], { clock, signal }: Context, send: SendSeries): Promise<ExportResult> {
    const nowMs = clock.now()
    const refused = points.flatMap((point, index) => {
      const error = this.#problemOf(point, nowMs)
      return error ? [{ index, error }] : []
    })
    const unsayable = new Set(refused.map(({ index }) => index))
    const sayable = [...points.keys()].filter((index) => !unsayable.has(index))
    const chosen = sayable.map((index) => points[index]!)
    const inBatch = (rejection: Rejection): Rejection =>
      'index' in rejection ? { ...rejection, index: sayable[rejection.index]! } : rejection
    const result = await this.#increments.deliver(chosen, signal, (increments) => this.#sendIncrements(chosen, increments, send))
    if (result.status === 'partial')
      return partial(
        [...refused, ...result.rejected.map(inBatch)],
        result.retry.map((index) => sayable[index]!),
      )
    return result.status === 'ok' && refused.length > 0 ? partial(refused) : result
  }

  async #sendIncrements(points: readonly Point[], increments: readonly (Increment | undefined)[], send: SendSeries): Promise<ExportResult> {
    const [series, distributions]: [Part[], Part[]] = [[], []]
    for (const records of runsOf(points, increments)) {
      const lines = this.#lines.of(
        points[records[0]!]!.series,
        records.map((index) => [points[index]!, increments[index]!]),
      )
      const of = {
        series: lines.filter(({ type }) => type !== 'distribution'),
        distributions: lines.filter(({ type }) => type === 'distribution'),
      }
      if (of.series.length > 0) series.push({ bytes: this.#format.bytes(of.series), records, count: records.length })
      if (of.distributions.length > 0)
        distributions.push({ bytes: distributionJson.bytes(of.distributions), records, count: records.length })
    }
    const first = await send(this.#format, series)
    if (distributions.length === 0 || (first.status !== 'ok' && first.status !== 'partial')) return first
    return together(first, await send(distributionJson, distributions), distributions)
  }

  #problemOf({ timeMs, value, stale }: Point, nowMs: number): Error | undefined {
    if (stale) return undefined
    if (!numbersOf(value).every(Number.isFinite)) return new Error('Datadog has no NaN and no infinity')
    if (!(timeMs >= nowMs - this.#maxAgeMs))
      return new Error(`it is older than ${formatDuration(this.#maxAgeMs)}, which Datadog lets go: see max_age`)
    if (timeMs > nowMs + mostAheadMs)
      return new Error(`it lies more than ${formatDuration(mostAheadMs)} in the future, which Datadog lets go`)
    return undefined
  }
}

/** Indexes of the points of each series that there is something to say of, in the order of times, so many together. */
function* runsOf(points: readonly Point[], increments: readonly (Increment | undefined)[]): Iterable<readonly number[]> {
  const told = [...points.keys()].filter((index) => increments[index] !== undefined)
  for (const all of Map.groupBy(told, (index) => points[index]!.series.key).values()) {
    all.sort((a, b) => points[a]!.timeMs - points[b]!.timeMs)
    for (let from = 0; from < all.length; from += mostTogether) yield all.slice(from, from + mostTogether)
  }
}

function numbersOf(value: PointValue): readonly number[] {
  if (typeof value === 'number') return [value]
  const { count, sum = 0 } = value
  if (isHistogram(value) || isExponentialHistogram(value)) return [count, sum, value.min ?? 0, value.max ?? 0]
  return [count, sum, ...value.quantiles.map(({ value }) => value)]
}

/** What became of points that are in two requests: each is as well off as in the one where it fared worse. */
function together(series: ExportResult, distributions: ExportResult, parts: readonly Part[]): ExportResult {
  if (distributions.status === 'ok') return series
  const rejected = series.status === 'partial' ? [...series.rejected] : []
  const again = new Set(series.status === 'partial' ? series.retry : [])
  const named = new Set(rejected.flatMap((rejection) => ('index' in rejection ? [rejection.index] : [])))
  const more =
    distributions.status === 'partial'
      ? distributions
      : partial(
          [],
          parts.flatMap(({ records }) => records),
        )
  if (more.status === 'partial') {
    for (const rejection of more.rejected) if (!('index' in rejection) || !named.has(rejection.index)) rejected.push(rejection)
    for (const rejection of rejected) if ('index' in rejection) named.add(rejection.index)
    for (const index of more.retry) again.add(index)
  }
  const retry = [...again].filter((index) => !named.has(index))
  return rejected.length + retry.length === 0 ? ok : partial(rejected, retry)
}
