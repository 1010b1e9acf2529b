import type { Batch } from '../core/batch.ts'
import { WaybillError } from '../core/errors.ts'
import { nameMatcher } from '../core/name-matcher.ts'
import { checkedFilters, type Filters } from './filtering.ts'
import { type Known, type Spelled, spelled } from './spelled.ts'
import type { TimeFilter } from './time-filter.ts'

/** Which metrics are exported, and when. `*` in a name stands for any characters. */
export interface MetricFilters {
  /** Default: all. */
  readonly includeMetrics?: readonly string[]
  /** Of these. Default: none. */
  readonly excludeMetrics?: readonly string[]
  /** The share of exports: 0 to 1. Default 1. */
  readonly exportSampleRate?: number
  /** Default: at any time. */
  readonly timeFilter?: TimeFilter
}

const known: Known<MetricFilters> = { includeMetrics: 'plain', excludeMetrics: 'plain', exportSampleRate: 'plain', timeFilter: 'plain' }

/** Filters of batches. Other signals than metrics pass whatever their names. Throws WaybillError `INVALID_OPTION`. */
export function metricFilters(given: Spelled<MetricFilters>): Filters<Batch> {
  const { includeMetrics = ['*'], excludeMetrics = [], exportSampleRate, timeFilter } = spelled<MetricFilters>('filters', given, known)
  for (const names of [includeMetrics, excludeMetrics])
    if (!Array.isArray(names)) throw new WaybillError('INVALID_OPTION', `${JSON.stringify(names)} is not a list of names`)
  const [included, excluded] = [nameMatcher(includeMetrics), nameMatcher(excludeMetrics)]
  const passes = (name: string) => included(name) && !excluded(name)
  return checkedFilters<Batch>({
    passes: (batch: Batch) => batch.signal !== 'metrics' || batch.points.every(({ series }) => passes(series.name)),
    sampleRate: exportSampleRate,
    timeFilter,
  })
}
