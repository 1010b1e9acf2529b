import type { RowsBatch } from '../core/batch.ts'
import type { Cell, Table } from '../core/rows.ts'
import type { Series } from '../core/series.ts'
import type { Window } from '../core/window.ts'

/** What the values of one series were like over a window. */
export interface Aggregate {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly kind: string
  readonly unit: string | null
  /** The attributes of what produced it. */
  readonly resource: object | null
  count: number
  sum: number
  min: number
  max: number
  last: number
  lastMs: number
  /** How much of the window was watched, in milliseconds. */
  coveredMs: number
}

/**
 * A row for each series of a window. `avg` is `sum` / `count`; `coverage` is the part of the window, 0 to 1, that the row speaks
 * of: less than 1 where the process did not run all the time or the series was not there. Of a counter, `max` − `min` is how much
 * it grew, unless it was reset.
 */
export const windowTable: Table = {
  name: 'metric_windows',
  columns: [
    { name: 'window_start', type: 'datetime' },
    { name: 'window_end', type: 'datetime' },
    { name: 'name', type: 'string' },
    { name: 'labels', type: 'json' },
    { name: 'kind', type: 'string' },
    { name: 'unit', type: 'string' },
    { name: 'resource', type: 'json' },
    { name: 'count', type: 'int' },
    { name: 'min', type: 'real' },
    { name: 'max', type: 'real' },
    { name: 'avg', type: 'real' },
    { name: 'sum', type: 'real' },
    { name: 'last', type: 'real' },
    { name: 'last_time', type: 'datetime' },
    { name: 'coverage', type: 'real' },
  ],
}

/** The series as it begins: without a value. */
export const emptyAggregate = ({ name, labels, kind, unit, resource }: Series): Aggregate => ({
  name,
  labels: Object.fromEntries(labels),
  kind,
  unit: unit ?? null,
  resource: resource?.attributes ?? null,
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  last: Number.NaN,
  lastMs: Number.NEGATIVE_INFINITY,
  coveredMs: 0,
})

/** Adds what `more` says of the same series to `to`. */
export function addAggregate(to: Aggregate, more: Omit<Aggregate, 'name' | 'labels' | 'kind' | 'unit' | 'resource'>): void {
  to.count += more.count
  to.sum += more.sum
  to.min = Math.min(to.min, more.min)
  to.max = Math.max(to.max, more.max)
  if (more.lastMs >= to.lastMs) [to.last, to.lastMs] = [more.last, more.lastMs]
  to.coveredMs += more.coveredMs
}

export function toRows({ start, end }: Window, aggregates: Iterable<Aggregate>): RowsBatch {
  const [startMs, endMs] = [start.getTime(), end.getTime()]
  const rows = Array.from(aggregates, (a): Cell[] => [
    startMs,
    endMs,
    a.name,
    a.labels,
    a.kind,
    a.unit,
    a.resource,
    a.count,
    a.min,
    a.max,
    a.sum / a.count,
    a.sum,
    a.last,
    a.lastMs,
    Math.min(1, a.coveredMs / (endMs - startMs)),
  ])
  return { signal: 'rows', table: windowTable, rows }
}

/** The rows of `window` from those of shorter windows in it; undefined when there are none. */
export function combineRows(window: Window, parts: readonly RowsBatch[]): RowsBatch | undefined {
  const bySeries = new Map<string, Aggregate>()
  for (const row of parts.flatMap(({ rows }) => rows)) {
    const part = fromRow(row)
    const key = JSON.stringify([part.name, part.labels, part.kind, part.unit, part.resource])
    const known = bySeries.get(key)
    if (known) addAggregate(known, part)
    else bySeries.set(key, part)
  }
  return bySeries.size > 0 ? toRows(window, bySeries.values()) : undefined
}

function fromRow([
  startMs,
  endMs,
  name,
  labels,
  kind,
  unit,
  resource,
  count,
  min,
  max,
  ,
  sum,
  last,
  lastMs,
  coverage,
]: readonly Cell[]): Aggregate {
  const coveredMs = Number(coverage) * (Number(endMs) - Number(startMs))
  const figures = { count, sum, min, max, last, lastMs } as Pick<Aggregate, 'count' | 'sum' | 'min' | 'max' | 'last' | 'lastMs'>
  const series = { name, labels, kind, unit, resource } as Pick<Aggregate, 'name' | 'labels' | 'kind' | 'unit' | 'resource'>
  return { ...series, ...figures, coveredMs }
}
