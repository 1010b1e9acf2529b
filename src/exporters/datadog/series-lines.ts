import { type Increment, isCumulative } from '../../codecs/increments/increments.ts'
import { attributeText } from '../../codecs/prometheus-text/labels.ts'
import { type Point, type Series, SeriesCache } from '../../sdk.ts'
import type { Config } from './config.ts'
import { type Measure, measuresOf } from './measures.ts'
import { originOf, originTags } from './origin.ts'
import { unitOf } from './units.ts'

export type LineType = 'gauge' | 'rate' | 'count' | 'distribution'

/** A time series of Datadog, of one request. */
export interface Line {
  readonly metric: string
  readonly type: LineType
  readonly tags: readonly string[]
  readonly host?: string
  readonly unit?: string
  /** Of rates and counts, in seconds. */
  readonly intervalS?: number
  /** By whole second since the epoch, in their order. Several values only in a distribution. */
  readonly points: Map<number, readonly number[]>
}

/** What is the same for all points of a series. */
interface Head {
  readonly metric: string
  readonly type: Measure['type']
  readonly tags: readonly string[]
  readonly host?: string
  readonly unit?: string
  readonly custom: readonly { readonly metric: string; readonly type: LineType }[]
}

export type LinesOptions = Pick<Config, 'tags' | 'metricsConfig' | 'customMetrics' | 'resourceAttributes' | 'interval'>

/** Says points as time series of Datadog. */
export class SeriesLines {
  readonly #options: LinesOptions
  readonly #heads: SeriesCache<Head>

  constructor(options: LinesOptions) {
    this.#options = options
    this.#heads = new SeriesCache((series) => headOf(series, options))
  }

  /**
   * The lines of points of one series, with what each has grown by. Datadog keeps one value for a second: of what falls into the same,
   * counts are added up, and of gauges the last one stays.
   */
  of(series: Series, points: readonly (readonly [Point, Increment])[]): readonly Line[] {
    const head = this.#heads.get(series)
    const all = new Map<string, Gathered>()
    const add = (metric: string, type: LineType, { value, timeMs, sinceMs, tags = head.tags }: Added) => {
      const key = `${metric} ${type} ${tags === head.tags ? '' : tags.join()}`
      const gathered = all.get(key) ?? { metric, type, tags, seconds: new Map() }
      all.set(key, gathered)
      const second = Math.floor(timeMs / 1000)
      const { values, sinceMs: earliest = sinceMs } = gathered.seconds.get(second) ?? { values: [] }
      const together = type === 'count' ? [(values[0] ?? 0) + value] : type === 'distribution' ? [...values, value] : [value]
      gathered.seconds.set(second, { values: together, timeMs, ...(earliest !== undefined && { sinceMs: earliest }) })
    }
    for (const [{ timeMs, value }, increment] of points) {
      for (const measure of measuresOf(increment.value, head.type)) {
        const tags = measure.tags.length > 0 ? [...head.tags, ...measure.tags] : head.tags
        add(head.metric + measure.suffix, measure.type, { ...increment, value: measure.value, timeMs, tags })
      }
      for (const { metric, type } of head.custom) {
        const number = customValue(type, value, increment, timeMs)
        if (number !== undefined) add(metric, type, { ...increment, value: number, timeMs })
      }
    }
    return [...all.values()].flatMap((gathered) => this.#lines(gathered, head))
  }

  /** A line for each length of interval. */
  #lines({ metric, type, tags, seconds }: Gathered, { host, unit }: Head): readonly Line[] {
    const lines = new Map<number | undefined, Line>()
    for (const [second, { values, timeMs, sinceMs }] of seconds) {
      const intervalS = this.#intervalS(type, timeMs, sinceMs)
      const line = lines.get(intervalS) ?? {
        metric,
        type,
        tags,
        ...(host !== undefined && { host }),
        ...(unit !== undefined && { unit }),
        ...(intervalS !== undefined && { intervalS }),
        points: new Map(),
      }
      lines.set(intervalS, line)
      line.points.set(second, values)
    }
    return [...lines.values()]
  }

  #intervalS(type: LineType, timeMs: number, sinceMs: number | undefined): number | undefined {
    if (type === 'gauge' || type === 'distribution') return undefined
    const intervalMs = type === 'count' && sinceMs !== undefined ? timeMs - sinceMs : this.#options.interval
    return Math.max(1, Math.round(intervalMs / 1000))
  }
}

/** The values of a metric by second, with the time of the last one and of where counting of the first began. */
interface Gathered extends Pick<Line, 'metric' | 'type' | 'tags'> {
  readonly seconds: Map<number, { readonly values: readonly number[]; readonly timeMs: number; readonly sinceMs?: number }>
}

interface Added {
  readonly value: number
  readonly timeMs: number
  readonly sinceMs?: number
  readonly tags?: readonly string[]
}

function headOf(series: Series, { tags, metricsConfig, customMetrics, resourceAttributes }: LinesOptions): Head {
  const { name, labels, kind, unit, resource } = series
  const named = new Set(labels.map(([label]) => label))
  const origin = originOf(resource)
  const more = [
    ...originTags(origin),
    ...resourceAttributes.flatMap((attribute) => tagOf(attribute, attributeText(resource?.attributes[attribute]))),
  ].filter((tag) => !named.has(tag.slice(0, tag.indexOf(':'))))
  const all = [...labels.flatMap(([label, value]) => tagOf(label, value)), ...more, ...metricsConfig.tags, ...tags]
  const shown = unitOf(unit)
  return {
    metric: metricsConfig.namespace === undefined ? name : `${metricsConfig.namespace}.${name}`,
    type: kind === 'counter' && (series.temporality === 'delta' || isCumulative(series)) ? 'count' : 'gauge',
    tags: [...new Set(all)],
    ...(origin.host !== undefined && { host: origin.host }),
    ...(shown !== undefined && { unit: shown }),
    custom: Object.values(customMetrics)
      .filter(({ sourceField }) => sourceField === name)
      .map(({ metricName, metricType }) => ({ metric: metricName, type: metricType })),
  }
}

/** Datadog takes an empty value for none. */
const tagOf = (name: string, value: string): string[] => (value === '' ? [] : [`${name}:${value}`])

/** A number as a custom metric has it: a total as what it has grown by, where the type is of that kind. Distributions have no such number. */
function customValue(type: LineType, value: Point['value'], { value: grown, sinceMs }: Increment, timeMs: number): number | undefined {
  if (typeof value !== 'number' || typeof grown !== 'number') return undefined
  if (type === 'count') return grown
  if (type !== 'rate' || grown === value) return value
  return sinceMs !== undefined && timeMs > sinceMs ? (grown / (timeMs - sinceMs)) * 1000 : undefined
}
