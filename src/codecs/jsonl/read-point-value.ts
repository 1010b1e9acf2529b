import type { Exemplar, ExponentialBuckets, PointValue } from '../../core/index.ts'
import * as read from './read-value.ts'
import { type Fields, listOf, optional, present, required } from './read-value.ts'

/** A number, or the object of a histogram (`bounds`), an exponential histogram (`scale`) or a summary (`quantiles`). */
export function readPointValue(value: unknown): PointValue {
  if (typeof value !== 'object' || value === null) return read.number(value)
  const fields = read.fields(value)
  const count = required(fields, 'count', read.number)
  if ('quantiles' in fields) {
    return { count, sum: required(fields, 'sum', read.number), quantiles: required(fields, 'quantiles', listOf(readQuantile)) }
  }
  const totals = { count, ...present({ sum: number(fields, 'sum'), min: number(fields, 'min'), max: number(fields, 'max') }) }
  if ('scale' in fields) {
    return {
      ...totals,
      scale: required(fields, 'scale', read.number),
      zeroCount: required(fields, 'zeroCount', read.number),
      ...present({ zeroThreshold: number(fields, 'zeroThreshold') }),
      positive: required(fields, 'positive', readBuckets),
      negative: required(fields, 'negative', readBuckets),
    }
  }
  const bounds = required(fields, 'bounds', listOf(read.number))
  const counts = required(fields, 'counts', listOf(read.number))
  if (counts.length !== bounds.length + 1)
    throw new Error(`expected ${bounds.length + 1} counts for ${bounds.length} bounds, not ${counts.length}`)
  return { ...totals, bounds, counts }
}

export function readExemplar(value: unknown): Exemplar {
  const fields = read.fields(value)
  return {
    value: required(fields, 'value', read.number),
    ...present({
      timeMs: optional(fields, 'time', read.timeMs),
      labels: optional(fields, 'labels', read.texts),
      traceId: optional(fields, 'traceId', read.text),
      spanId: optional(fields, 'spanId', read.text),
      attributes: optional(fields, 'attributes', read.attributes),
    }),
  }
}

const number = (fields: Fields, name: string) => optional(fields, name, read.number)

function readQuantile(value: unknown) {
  const fields = read.fields(value)
  return { quantile: required(fields, 'quantile', read.number), value: required(fields, 'value', read.number) }
}

function readBuckets(value: unknown): ExponentialBuckets {
  const fields = read.fields(value)
  return { offset: required(fields, 'offset', read.number), counts: required(fields, 'counts', listOf(read.number)) }
}
