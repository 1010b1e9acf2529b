import { jsonText } from '../../codecs/text/json-value.ts'
import { type Point, type Rejection, type Series, toError } from '../../sdk.ts'
import type { SqlValue, TableRow, TableRows, TableShape } from './table-shape.ts'
import { realOf, timeOfMs } from './values.ts'

export interface WideLayoutOptions {
  /** Column by the name of the series in it; that of the time by `timestamp`. */
  readonly columnMapping: Readonly<Record<string, string>>
  /** Labels with columns of their own, which tell the rows of one time apart. */
  readonly labelColumns: readonly string[]
  /** Histograms and summaries: as JSON in their column, or rejected where a column of numbers holds nothing else. */
  readonly distributions: 'json' | 'reject'
}

interface Row extends TableRow {
  readonly indexes: number[]
  readonly values: SqlValue[]
  /** Of each column, the key of the series that is in it. */
  readonly owners: (string | undefined)[]
}

/** Metrics as a row for each time (and values of the label columns), with a column for each name of a series. */
export class WideLayout {
  readonly #columnOf: ReadonlyMap<string, number>
  readonly #labelColumns: readonly string[]
  readonly #columns: TableShape['columns']
  readonly #distributions: WideLayoutOptions['distributions']

  constructor({ columnMapping, labelColumns, distributions }: WideLayoutOptions) {
    const { timestamp, fields } = mappingOf(columnMapping)
    const key = [timestamp, ...labelColumns]
    this.#labelColumns = labelColumns
    this.#distributions = distributions
    this.#columnOf = new Map(fields.map(([field], index) => [field, key.length + index]))
    this.#columns = [
      { name: timestamp, kind: 'time' },
      ...labelColumns.map((name) => ({ name, kind: 'text' }) as const),
      ...fields.map(([, name]) => ({ name, kind: 'real' }) as const),
    ]
  }

  /**
   * A point whose place in the row another series of the batch has taken is rejected: only a label column could tell them
   * apart. Of one series at one time the last point counts.
   */
  rows(name: string, points: readonly Point[]): TableRows {
    const rows = new Map<string, Row>()
    const rejected: Rejection[] = []
    let unmapped = 0
    for (const [index, point] of points.entries()) {
      const column = this.#columnOf.get(point.series.name)
      if (column === undefined) {
        unmapped++
        continue
      }
      try {
        const value = this.#cell(point)
        const row = this.#rowOf(rows, point)
        const owner = row.owners[column]
        if (owner !== undefined && owner !== point.series.key) throw new TypeError(this.#collision(point.series))
        row.values[column] = value
        row.owners[column] = point.series.key
        row.indexes.push(index)
      } catch (thrown) {
        rejected.push({ index, error: toError(thrown) })
      }
    }
    const key = this.#columns.slice(0, 1 + this.#labelColumns.length).map((column) => column.name)
    const written = [...rows.values()].filter(({ indexes }) => indexes.length > 0)
    return { table: { name, columns: this.#columns, key, time: key[0]!, repeated: 'merge' }, rows: written, rejected, unmapped }
  }

  #cell({ series: { name }, value }: Point): SqlValue {
    if (typeof value === 'number') return realOf(value)
    if (this.#distributions === 'json') return jsonText(value)
    throw new TypeError(`${name} is a distribution, which a column of numbers cannot hold; without column_mapping it has a place`)
  }

  #rowOf(rows: Map<string, Row>, { series, timeMs }: Point): Row {
    const labels = this.#labelColumns.map((column) => series.labels.find(([name]) => name === column)?.[1] ?? '')
    const key = [timeOfMs(timeMs), ...labels]
    const identity = JSON.stringify(key)
    let row = rows.get(identity)
    if (!row) {
      const values: SqlValue[] = [...key, ...Array.from({ length: this.#columnOf.size }, () => null)]
      row = { indexes: [], values, owners: [] }
      rows.set(identity, row)
    }
    return row
  }

  #collision({ name, labels }: Series): string {
    const missing = labels.map(([label]) => label).filter((label) => !this.#labelColumns.includes(label))
    const hint = missing.length > 0 ? `; add ${missing.join(' or ')} to label_columns` : ''
    return `another series of ${name} stands at the same time in the same row${hint}`
  }
}

/** The column of the time, and those of the series. */
export function mappingOf(columnMapping: Readonly<Record<string, string>>) {
  const { timestamp = 'timestamp', ...fields } = columnMapping
  return { timestamp, fields: Object.entries(fields) }
}
