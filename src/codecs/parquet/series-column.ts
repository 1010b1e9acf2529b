import { ByteWriter, type Series, SeriesCache } from '../../core/index.ts'
import type { Place, WritableColumn } from './column.ts'
import type { LeafType } from './field.ts'
import { widthOf } from './hybrid.ts'
import { Lists } from './lists.ts'
import { writeInt32 } from './little-endian.ts'
import { type NumberedRows, writeNumberedRows } from './numbered-rows.ts'
import { boundsOf, utf8 } from './plain.ts'
import type { SeriesRows } from './series-rows.ts'
import { TextTable } from './text-table.ts'
import type { Bounds } from './values.ts'

/** Used again from one call to the next. */
const levels = new Lists()
const encoded = new ByteWriter(1024)

const none: readonly number[] = []

export interface SeriesColumnOptions {
  readonly rows: SeriesRows
  readonly textsOf: (series: Series) => readonly string[]
  readonly texts?: TextTable
}

/**
 * A column of texts that follow from the series of the row: none, one, or, where they repeat, any number. It holds nothing for a row,
 * and is worked out once for each series.
 */
export class SeriesColumn implements WritableColumn {
  readonly type: LeafType
  readonly place: Place
  readonly #rows: SeriesRows
  readonly #texts: TextTable
  /** Of each series that was there before, the ids of its texts. */
  #known: SeriesCache<readonly number[]>
  readonly #textsOf: (series: Series) => readonly string[]
  /** Of each series, the numbers of its texts. */
  readonly #lists = new Lists()
  #values = 0
  #nulls = 0

  /** In place of `column`, which is one of texts. */
  constructor({ type, place }: WritableColumn, { rows, textsOf, texts = new TextTable() }: SeriesColumnOptions) {
    this.type = type
    this.place = place
    this.#rows = rows
    this.#textsOf = textsOf
    this.#texts = texts
    this.#known = this.#newCache()
  }

  get count(): number {
    return this.#values + this.#nulls
  }

  get nulls(): number {
    return this.#nulls
  }

  /** When all rows are known. */
  complete(): void {
    if (this.#texts.begin()) this.#known = this.#newCache()
    this.#lists.clear()
    this.#values = 0
    this.#nulls = 0
    const { series, occurrences } = this.#rows
    for (let index = 0; index < series.length; index++) {
      const ids = this.#known.get(series[index]!)
      for (const id of ids) this.#lists.add(this.#texts.numberOf(id))
      this.#lists.endList()
      if (ids.length === 0) this.#nulls += occurrences[index]!
      this.#values += ids.length * occurrences[index]!
    }
  }

  writeLevels(writer: ByteWriter): void {
    const { repetition, definition } = this.place
    if (repetition > 0) this.#writeLevels(writer, 1, (index) => Math.min(index, 1))
    if (definition > 0) this.#writeLevels(writer, definition, (_, texts) => (texts === 0 ? definition - 1 : definition))
  }

  writeDictionary(writer: ByteWriter): number {
    for (const text of this.#texts.dictionary) utf8.write(writer, text)
    return this.#texts.dictionary.length
  }

  writeValues(writer: ByteWriter): void {
    if (this.#texts.dictionary.length === 0) return
    const width = widthOf(this.#texts.dictionary.length - 1)
    writer.byte(width)
    this.#write(writer, { lists: this.#lists, total: this.#values, width })
  }

  bounds(): Bounds {
    return boundsOf(utf8, this.#texts.dictionary)
  }

  #newCache(): SeriesCache<readonly number[]> {
    return new SeriesCache((series) => {
      const texts = this.#textsOf(series)
      return texts.length === 0 ? none : texts.map((text) => this.#texts.idOf(text))
    })
  }

  /** The levels of a row follow from how many texts it has: one for each, or for the null where there is none. */
  #writeLevels(writer: ByteWriter, most: number, levelOf: (index: number, texts: number) => number): void {
    levels.clear()
    for (let list = 0; list < this.#lists.count; list++) {
      const texts = this.#lists.lengthOf(list)
      for (let index = 0; index < Math.max(1, texts); index++) levels.add(levelOf(index, texts))
      levels.endList()
    }
    encoded.clear()
    this.#write(encoded, { lists: levels, total: this.count, width: widthOf(most) })
    writeInt32(writer, encoded.length)
    writer.bytes(encoded.view())
  }

  #write(writer: ByteWriter, numbers: Pick<NumberedRows, 'lists' | 'total' | 'width'>): void {
    writeNumberedRows(writer, { rows: this.#rows.numbers, count: this.#rows.count, ...numbers })
  }
}
