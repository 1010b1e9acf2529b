import type { Point, Series } from '../../core/index.ts'
import { millisecondsCell, resourceCell, scopeCell, textCell } from './cells.ts'
import type { Column, WritableColumn } from './column.ts'
import { type Field, leaf, optional, textMap } from './field.ts'
import type { Layout } from './layout.ts'
import { type Node, nodeOf } from './node.ts'
import { isPlain, rareCells, rareFields } from './rare-cells.ts'
import { SeriesColumn } from './series-column.ts'
import { SeriesRows } from './series-rows.ts'

type Texts = (series: Series) => readonly string[]

/** None where there is no text. */
const text =
  (textOf: (series: Series) => string | undefined): Texts =>
  (series) => {
    const found = textOf(series)
    return found === undefined ? [] : [found]
  }

/** What follows from the series of a point, with the texts of each column that the field has. */
const seriesFields: readonly (readonly [Field, ...Texts[]])[] = [
  [leaf('name', 'text'), text(({ name }) => textCell(name))],
  [textMap('labels'), ({ labels }) => labels.map(([name]) => textCell(name)), ({ labels }) => labels.map(([, value]) => textCell(value))],
  [leaf('kind', 'text'), text(({ kind }) => kind)],
  [optional(leaf('unit', 'text')), text(({ unit }) => unit && textCell(unit))],
  [optional(leaf('temporality', 'text')), text(({ temporality }) => temporality)],
  [optional(leaf('resource', 'json')), text(({ resource }) => resourceCell(resource))],
  [optional(leaf('scope', 'json')), text(({ scope }) => scopeCell(scope))],
]

/** About what a row takes, what each of its labels does when it is written, and what a series adds to dictionaries, in bytes. */
const weights = { row: 8, label: 4, series: 500 }

/**
 * Points, of which each row notes its series, its time and its value. Everything that follows from the series is worked out once for
 * each in a row group, when it ends.
 */
export class MetricsLayout implements Layout {
  readonly fields: readonly Field[]
  readonly columns: readonly WritableColumn[]
  readonly #rows = new SeriesRows()
  readonly #time: Column<number>
  readonly #value: Column<number>
  readonly #monotonic: Column<boolean>
  readonly #ofSeries: readonly SeriesColumn[]
  readonly #rare: readonly Node[]
  /** All but those of series: the ones that hold something for each row. */
  readonly #filled: readonly Column<never>[]
  /** For how many rows the rare columns have been told what they hold. */
  #rareRows = 0

  constructor() {
    const own = [leaf('time', 'milliseconds'), optional(leaf('value', 'double')), optional(leaf('monotonic', 'boolean'))]
    const [time, value, monotonic] = own.map((field) => nodeOf(field))
    const ofSeries = seriesFields.map(([field, ...texts]) =>
      nodeOf(field).columns.map((column, index) => new SeriesColumn(column, { rows: this.#rows, textsOf: texts[index]! })),
    )
    this.#time = time!.columns[0] as Column<number>
    this.#value = value!.columns[0] as Column<number>
    this.#monotonic = monotonic!.columns[0] as Column<boolean>
    this.#ofSeries = ofSeries.flat()
    this.#rare = rareFields.map((field) => nodeOf(field))
    this.#filled = [time!, value!, monotonic!, ...this.#rare].flatMap(({ columns }) => columns)
    this.fields = [own[0]!, ...seriesFields.map(([field]) => field), ...own.slice(1), ...rareFields]
    this.columns = [this.#time, ...this.#ofSeries, ...this.#filled.slice(1)]
  }

  get bytes(): number {
    const { count, labels, series } = this.#rows
    const ofSeries = count * weights.row + labels * weights.label + series.length * weights.series
    return this.#filled.reduce((sum, { bytes }) => sum + bytes, ofSeries)
  }

  prepare(points: readonly Point[]): readonly Point[] {
    for (const point of points) {
      millisecondsCell(point.timeMs)
      if (!isPlain(point)) rareCells(point)
    }
    return points
  }

  add(point: Point): void {
    const { series, timeMs, value } = point
    if (!isPlain(point)) this.#addRare(point)
    this.#rows.add(series)
    this.#time.add(Math.floor(timeMs))
    if (typeof value === 'number') this.#value.add(value)
    else this.#value.addNull(0, 0)
  }

  complete(): void {
    this.#skipRare()
    for (const column of this.#ofSeries) column.complete()
    const { series, numbers, count } = this.#rows
    if (series.every(({ monotonic }) => monotonic === undefined)) this.#monotonic.addNull(0, 0, count)
    else for (let row = 0; row < count; row++) addOptional(this.#monotonic, series[numbers[row]!]!.monotonic)
  }

  clear(): void {
    this.#rows.clear()
    this.#rareRows = 0
    for (const column of this.#filled) column.clear()
  }

  #addRare(point: Point): void {
    this.#skipRare()
    for (const [index, cell] of rareCells(point).entries()) this.#rare[index]!.add(cell, 0, 0)
    this.#rareRows++
  }

  /** Catches up on the plain points before this one. */
  #skipRare(): void {
    const plain = this.#rows.count - this.#rareRows
    if (plain > 0) for (const node of this.#rare) node.addNull(0, 0, plain)
    this.#rareRows = this.#rows.count
  }
}

function addOptional<T>(column: Column<T>, value: T | undefined): void {
  if (value === undefined) column.addNull(0, 0)
  else column.add(value)
}
