/** The tables of points and of series, and the view that shows both as one. */
import { quoted } from '../identifier.ts'
import { longColumns } from '../long-layout.ts'
import type { TableShape } from '../table-shape.ts'
import { columnDefinitions, tableSql } from './schema.ts'

export const seriesShape = (name: string): TableShape => ({
  name,
  columns: [
    { name: 'key', kind: 'text' },
    { name: 'name', kind: 'text' },
    { name: 'labels', kind: 'json' },
    { name: 'kind', kind: 'text' },
    { name: 'unit', kind: 'text' },
    { name: 'temporality', kind: 'text' },
    { name: 'monotonic', kind: 'boolean' },
    { name: 'resource', kind: 'json' },
    { name: 'scope', kind: 'json' },
    { name: 'help', kind: 'text' },
  ],
  key: ['key'],
})

export const pointsShape = (name: string): TableShape => ({
  name,
  columns: [
    { name: 'time', kind: 'time' },
    { name: 'series', kind: 'integer' },
    { name: 'value', kind: 'real' },
    { name: 'start_time', kind: 'time' },
    { name: 'distribution', kind: 'json' },
    { name: 'exemplars', kind: 'json' },
    { name: 'stale', kind: 'boolean' },
  ],
  key: ['time', 'series'],
})

/** The number of a series that was removed is never another's: points may still name it. */
export const createSeries = (series: TableShape): string =>
  tableSql(series.name, ['"id" INTEGER PRIMARY KEY AUTOINCREMENT', ...columnDefinitions(series), 'UNIQUE ("key")'])

export const createPoints = (points: TableShape, series: TableShape): string =>
  tableSql(
    points.name,
    [...columnDefinitions(points), 'PRIMARY KEY ("time", "series")', `FOREIGN KEY ("series") REFERENCES ${quoted(series.name)} ("id")`],
    'WITHOUT ROWID',
  )

/** What a point has by itself; the rest is its series'. */
const ofPoint: ReadonlySet<string> = new Set(['time', 'value', 'distribution', 'start_time', 'exemplars', 'stale'])

/** Labels as columns of their own are read from the JSON: for old points as for new ones. */
export function selectPoints(points: TableShape, series: TableShape, labelColumns: readonly string[]): string {
  const columns = longColumns.map((column) => `${ofPoint.has(column) ? 'p' : 's'}.${quoted(column)}`)
  const labels = labelColumns.map((label) => `json_extract(s."labels", ${literal(`$."${label}"`)}) AS ${quoted(label)}`)
  return `SELECT ${[...columns, ...labels].join(', ')} FROM ${quoted(points.name)} p JOIN ${quoted(series.name)} s ON s."id" = p."series"`
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
