import {
  type Exemplar,
  type ExponentialHistogram,
  type Histogram,
  isExponentialHistogram,
  isHistogram,
  isSummary,
  type Point,
  type Summary,
} from '../../core/index.ts'
import { attributesCell, labelCells, millisecondsCell, optionalCell } from './cells.ts'
import { type Field, group, leaf, list, listOf, optional, textMap } from './field.ts'

/** Whether a point is a number at a time and nothing else, as most are. */
export const isPlain = ({ value, startTimeMs, exemplars, stale }: Point): boolean =>
  typeof value === 'number' && startTimeMs === undefined && exemplars === undefined && stale === undefined

const maybe = (name: string): Field => optional(leaf(name, 'double'))
const buckets = (name: string): Field => group(name, leaf('offset', 'int32'), list('counts', 'double'))

/** What is null for plain points. Counts are doubles, for those of some histograms are fractions. */
export const rareFields: readonly Field[] = [
  optional(leaf('start_time', 'milliseconds')),
  optional(leaf('stale', 'boolean')),
  optional(
    group(
      'histogram',
      leaf('count', 'double'),
      maybe('sum'),
      maybe('min'),
      maybe('max'),
      list('bounds', 'double'),
      list('counts', 'double'),
    ),
  ),
  optional(
    group(
      'exponential_histogram',
      leaf('count', 'double'),
      maybe('sum'),
      maybe('min'),
      maybe('max'),
      leaf('scale', 'int32'),
      leaf('zero_count', 'double'),
      maybe('zero_threshold'),
      buckets('positive'),
      buckets('negative'),
    ),
  ),
  optional(
    group(
      'summary',
      leaf('count', 'double'),
      leaf('sum', 'double'),
      listOf('quantiles', leaf('quantile', 'double'), leaf('value', 'double')),
    ),
  ),
  optional(
    listOf(
      'exemplars',
      leaf('value', 'double'),
      optional(leaf('time', 'milliseconds')),
      optional(textMap('labels')),
      optional(leaf('trace_id', 'text')),
      optional(leaf('span_id', 'text')),
      optional(leaf('attributes', 'json')),
    ),
  ),
]

/** The cells of a point in those fields. */
export function rareCells({ value, startTimeMs, exemplars, stale }: Point): readonly unknown[] {
  return [
    optionalCell(startTimeMs, millisecondsCell),
    stale,
    isHistogram(value) ? histogram(value) : undefined,
    isExponentialHistogram(value) ? exponentialHistogram(value) : undefined,
    isSummary(value) ? summary(value) : undefined,
    exemplars?.map(exemplar),
  ]
}

const histogram = ({ count, sum, min, max, bounds, counts }: Histogram): readonly unknown[] => [count, sum, min, max, bounds, counts]

const exponentialHistogram = (value: ExponentialHistogram): readonly unknown[] => {
  const { count, sum, min, max, scale, zeroCount, zeroThreshold, positive, negative } = value
  const sides = [positive, negative].map(({ offset, counts }) => [offset, counts])
  return [count, sum, min, max, scale, zeroCount, zeroThreshold, ...sides]
}

const summary = ({ count, sum, quantiles }: Summary): readonly unknown[] => [
  count,
  sum,
  quantiles.map(({ quantile, value }) => [quantile, value]),
]

const exemplar = ({ value, timeMs, labels, traceId, spanId, attributes }: Exemplar): readonly unknown[] => [
  value,
  optionalCell(timeMs, millisecondsCell),
  optionalCell(labels, labelCells),
  traceId,
  spanId,
  attributesCell(attributes),
]
