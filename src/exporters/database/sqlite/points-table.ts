import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { jsonText } from '../../../codecs/text/json-value.ts'
import { type Point, type Series, SeriesCache } from '../../../sdk.ts'
import { realOf, timeOfMs } from '../values.ts'
import { insertSql } from './insert-sql.ts'
import { createPoints, createSeries, pointsShape, selectPoints, seriesShape } from './points-schema.ts'
import { ensureTable, ensureView, prepared } from './schema.ts'

/**
 * Points in the long layout: a table of series, a table of points that names them by number, and a view of the name that was
 * asked for in which both are read as one. Points are kept in the order of time, which is that of arrival: a batch changes the
 * last page and not one page for each series.
 */
export class PointsTable {
  readonly #addPoint: StatementSync
  readonly #addSeries: StatementSync
  readonly #ids = new SeriesCache((series) => this.#idOf(series))
  readonly #time = remembering(timeOfMs)
  readonly #startTime = remembering(timeOfMs)

  /** Makes what is missing of it in the database. */
  constructor(database: DatabaseSync, name: string, labelColumns: readonly string[]) {
    const series = seriesShape(`${name}_series`)
    const points = pointsShape(`${name}_points`)
    ensureTable(database, series, createSeries(series))
    ensureTable(database, points, createPoints(points, series))
    ensureView(database, name, selectPoints(points, series, labelColumns))
    this.#addSeries = prepared(database, `${insertSql(series)} RETURNING id`, series)
    this.#addPoint = prepared(database, insertSql(points), points)
  }

  /** Throws a TypeError or RangeError for a point that no row can hold. */
  insert({ series, timeMs, startTimeMs, value, exemplars, stale }: Point): void {
    const time = this.#time(timeMs)
    const startTime = startTimeMs === undefined ? null : this.#startTime(startTimeMs)
    const [number, distribution] = typeof value === 'number' ? [realOf(value), null] : [null, jsonText(value)]
    const id = this.#ids.get(series)
    this.#addPoint.run(time, id, number, startTime, distribution, exemplars ? jsonText(exemplars) : null, stale ? 1 : null)
  }

  /** The number of the series, which gets one now if it has none. */
  #idOf({ key, name, kind, unit, temporality, monotonic, labels, resource, scope, help }: Series): number {
    const { id } = this.#addSeries.get(
      key,
      name.toWellFormed(),
      jsonText(Object.fromEntries(labels)),
      kind,
      unit?.toWellFormed() ?? null,
      temporality ?? null,
      monotonic === undefined ? null : Number(monotonic),
      resource ? jsonText(resource.attributes) : null,
      scope ? jsonText({ name: scope.name, version: scope.version, attributes: scope.attributes }) : null,
      help?.toWellFormed() ?? null,
    ) as { id: number }
    return id
  }
}

/** The same function, which works nothing out twice in a row: the points of a batch mostly have one time. */
function remembering(textOf: (ms: number) => string): (ms: number) => string {
  let lastMs = Number.NaN
  let last = ''
  return (ms) => {
    if (ms !== lastMs) {
      last = textOf(ms)
      lastMs = ms
    }
    return last
  }
}
