import { createHash } from 'node:crypto'
import { jsonText } from '../../../codecs/text/json-value.ts'
import { type Point, type Rejection, type Series, SeriesCache, toError } from '../../../sdk.ts'
import { quoted } from '../identifier.ts'
import { longColumns } from '../long-layout.ts'
import type { SqlValue, TableRow, TableShape } from '../table-shape.ts'
import { tabulate } from '../tabulate.ts'
import { realOf, timeOfMs } from '../values.ts'
import { insertRows } from './insert-rows.ts'
import { createTable, ensureTable, ensureView, literal } from './schema.ts'
import type { Session } from './session.ts'

interface KnownSeries {
  readonly id: string
  /** Whether its row is committed. */
  stored: boolean
}

/**
 * Points in the long layout: a table of series, a table of points that names them, and a view of the name that was asked for in
 * which both are read as one. A series has the same id everywhere, so nothing is asked of the server before points are sent.
 */
export class PointsTable {
  readonly #series: TableShape
  readonly #points: TableShape
  readonly #known = new SeriesCache<KnownSeries>(({ key }) => ({ id: idOf(key), stored: false }))

  private constructor(series: TableShape, points: TableShape) {
    this.#series = series
    this.#points = points
  }

  /** Makes what is missing of it in the database. */
  static async ensure(session: Session, name: string, labelColumns: readonly string[]): Promise<PointsTable> {
    const series = seriesShape(`${name}_series`)
    const points = pointsShape(`${name}_points`)
    await ensureTable(session, series, typed(createTable(series)))
    const reference = `FOREIGN KEY ("series") REFERENCES ${quoted(series.name)} ("id")`
    await ensureTable(session, points, typed(createTable(points, reference)))
    await ensureView(session, name, selectPoints(points, series, labelColumns))
    return new PointsTable(series, points)
  }

  /** Inside a transaction. What it gives back is to be called once that is committed. */
  async insert(session: Session, points: readonly Point[]): Promise<{ rejected: readonly Rejection[]; committed: () => void }> {
    const { rows, rejected } = tabulate(this.#points, points, (point) => this.#values(point))
    const fresh = new Map<KnownSeries, Series>()
    for (const { indexes } of rows) {
      const { series } = points[indexes[0]!]!
      const known = this.#known.get(series)
      if (!known.stored) fresh.set(known, series)
    }
    if (fresh.size > 0) {
      const refused = await insertRows(session, this.#series, [...fresh].map(seriesRow))
      if (refused[0]) throw toError('error' in refused[0] && refused[0].error)
    }
    const refused = rows.length > 0 ? await insertRows(session, this.#points, rows) : []
    return {
      rejected: [...rejected, ...refused],
      committed: () => {
        for (const known of fresh.keys()) known.stored = true
      },
    }
  }

  #values({ series, timeMs, startTimeMs, value, exemplars, stale }: Point): readonly SqlValue[] {
    const [number, distribution] = typeof value === 'number' ? [realOf(value), null] : [null, jsonText(value)]
    const startTime = startTimeMs === undefined ? null : timeOfMs(startTimeMs)
    const { id } = this.#known.get(series)
    return [timeOfMs(timeMs), id, number, startTime, distribution, exemplars ? jsonText(exemplars) : null, stale ? 1 : null]
  }
}

/** The first 16 bytes of the SHA-256 of its key, as a UUID (RFC 9562, 5.8: version 8, of one's own making). */
function idOf(key: string): string {
  const bytes = createHash('sha256').update(key).digest()
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** An id is text to everybody but the table itself. */
const typed = (create: string): string => create.replace(/^ {2}"(id|series)" text/m, '  "$1" uuid')

const seriesShape = (name: string): TableShape => ({
  name,
  columns: [
    { name: 'id', kind: 'text' },
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
  key: ['id'],
})

const pointsShape = (name: string): TableShape => ({
  name,
  columns: [
    { name: 'time', kind: 'time' },
    { name: 'series', kind: 'text' },
    { name: 'value', kind: 'real' },
    { name: 'start_time', kind: 'time' },
    { name: 'distribution', kind: 'json' },
    { name: 'exemplars', kind: 'json' },
    { name: 'stale', kind: 'boolean' },
  ],
  key: ['time', 'series'],
})

function seriesRow([{ id }, series]: readonly [KnownSeries, Series]): TableRow {
  const { name, kind, unit, temporality, monotonic, labels, resource, scope, help } = series
  return {
    indexes: [0],
    values: [
      id,
      name,
      jsonText(Object.fromEntries(labels)),
      kind,
      unit ?? null,
      temporality ?? null,
      monotonic === undefined ? null : Number(monotonic),
      resource ? jsonText(resource.attributes) : null,
      scope ? jsonText({ name: scope.name, version: scope.version, attributes: scope.attributes }) : null,
      help ?? null,
    ],
  }
}

/** What a point has by itself; the rest is its series'. */
const ofPoint: ReadonlySet<string> = new Set(['time', 'value', 'distribution', 'start_time', 'exemplars', 'stale'])

/** Labels as columns of their own are read from the JSON: for old points as for new ones. */
function selectPoints(points: TableShape, series: TableShape, labelColumns: readonly string[]): string {
  const columns = longColumns.map((column) => `${ofPoint.has(column) ? 'p' : 's'}.${quoted(column)}`)
  const labels = labelColumns.map((label) => `s."labels" ->> ${literal(label)} AS ${quoted(label)}`)
  return `SELECT ${[...columns, ...labels].join(', ')} FROM ${quoted(points.name)} p JOIN ${quoted(series.name)} s ON s."id" = p."series"`
}
