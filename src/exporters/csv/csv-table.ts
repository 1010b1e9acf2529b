import { unlink } from 'node:fs/promises'
import { csvLine } from '../../codecs/csv/cell.ts'
import type { SampleLayout } from '../../codecs/csv/sample-layout.ts'
import { samplesOf } from '../../codecs/text/samples.ts'
import { readyFor } from '../../files/ready-for.ts'
import type { Recording } from '../../files/recording-exporter.ts'
import { TailedFile } from '../../files/tailed-file.ts'
import { type Log, type Point, type Rejection, type Series, toError } from '../../sdk.ts'
import { joinParts, rewrite } from './join-parts.ts'
import { notATable, otherHeader, tooManyColumns } from './mistakes.ts'
import { lastPart, partPath, partPaths } from './part-files.ts'
import { readHead } from './table-head.ts'

export interface CsvTableOptions {
  readonly path: string
  /** Whether what an earlier run wrote is written on; else the first row replaces it. */
  readonly append: boolean
  readonly layout: SampleLayout
  /** The column of a series. */
  nameOf(series: Series): string
  /** Points of further columns are rejected. */
  readonly maxColumns: number
  /** A smaller file gets a further column by being written again. In bytes. */
  readonly widenUpTo: number
  /** Whether the parts become one file when the table is closed. */
  readonly join: boolean
  /** Whether rows are on the device before they count as written. */
  readonly sync: boolean
}

interface Part {
  readonly file: TailedFile
  readonly columns: readonly string[]
  /** What has to go in front of the next rows: the header of a new file, or the end of a line that was cut off. */
  readonly lead: string
}

/**
 * A table in one file or several. A file has one header and only rows that have the header's cells. For rows that need a further
 * column a small file is written again, and a larger one is followed by another part, with all columns known so far in its header.
 */
export class CsvTable implements Recording {
  readonly #options: CsvTableOptions
  readonly #known = new Set<string>()
  #number = 1
  #part: Part | undefined
  /** Whether this table has written anything: from then on nothing is replaced, and a further column is no mistake. */
  #begun = false

  constructor(options: CsvTableOptions) {
    this.#options = options
  }

  get path(): string {
    return this.#options.path
  }

  async open(log: Log): Promise<void> {
    await readyFor(this.path)
    this.#part ??= await this.#resume(log)
  }

  async append(points: readonly Point[], log: Log): Promise<readonly Rejection[]> {
    const { layout, nameOf, sync } = this.#options
    const { taken, rejected } = layout.fixed ? { taken: points, rejected: [] } : this.#withinLimit(points)
    if (taken.length === 0) return rejected
    const samples = samplesOf(taken, nameOf)
    const { file, columns, lead } = await this.#partWith(layout.columnsOf(samples), log)
    const rows = samples.map((sample) => layout.lines(sample, columns)).join('')
    try {
      await file.append(lead + rows, { durable: sync })
    } catch (error) {
      await this.#closePart(log)
      throw error
    }
    this.#part = { file, columns, lead: '' }
    this.#begun = true
    return rejected
  }

  async sync(): Promise<void> {
    await this.#part?.file.sync()
  }

  async close(log: Log): Promise<void> {
    await this.#closePart(log)
    if (!this.#options.join || !this.#begun) return
    try {
      await joinParts(this.path)
      this.#number = 1
    } catch (thrown) {
      log.warn('the parts of a table stay apart: they could not be written as one file', { path: this.path, error: toError(thrown) })
    }
  }

  #withinLimit(points: readonly Point[]): { taken: readonly Point[]; rejected: readonly Rejection[] } {
    const { nameOf, maxColumns } = this.#options
    const rejected: Rejection[] = []
    const taken = points.filter(({ series }, index) => {
      const name = nameOf(series)
      const fits = this.#known.has(name) || this.#known.size < maxColumns
      if (fits) this.#known.add(name)
      else rejected.push({ index, error: tooManyColumns(name, maxColumns) })
      return fits
    })
    return { taken, rejected }
  }

  /** The part to write rows of these columns to. */
  async #partWith(needed: readonly string[], log: Log): Promise<Part> {
    if (this.#part && !(await this.#part.file.isUsable())) await this.#closePart(log)
    this.#part ??= await this.#resume(log)
    const part = this.#part
    if (part && this.#fits(part.columns, needed)) return part
    if (part && !this.#begun) throw otherHeader(part.file.path, part.columns, needed)
    if (part) {
      await this.#closePart(log)
      const widened = await this.#widened(part, needed, log)
      if (widened) return widened
      for (const column of part.columns) this.#known.add(column)
      this.#number++
    }
    this.#part = await this.#begin(this.#options.layout.fixed ? needed : [...this.#known].sort(), log)
    return this.#part
  }

  /** The part with further columns, where it is small enough to be written again. */
  async #widened({ file: { path, length } }: Part, added: readonly string[], log: Log): Promise<Part | undefined> {
    if (length >= this.#options.widenUpTo) return undefined
    await rewrite(path, [path], added)
    this.#part = await this.#resume(log)
    return this.#part
  }

  #fits(columns: readonly string[], needed: readonly string[]): boolean {
    if (this.#options.layout.fixed) return columns.join() === needed.join()
    const known = new Set(columns)
    return needed.every((column) => known.has(column))
  }

  /** The last part that there is, to write on; undefined where there is none, or it is to be replaced. */
  async #resume(log: Log): Promise<Part | undefined> {
    if (!this.#begun && !this.#options.append) return undefined
    if (!this.#begun) this.#number = lastPart(this.path)
    const path = partPath(this.path, this.#number)
    const head = await readHead(path)
    if (!head) return undefined
    const { header, length, missingEnd: lead } = head
    const [first, ...columns] = header
    if (first !== 'timestamp') throw notATable(path, first)
    if (lead) log.warn('the last row was cut off: it stays as it is, and the next begins on a line of its own', { path })
    return { file: await TailedFile.open(path, { length, ending: '', clean: false }), columns, lead }
  }

  /** Makes the file of a part. Where there is one already, it is empty or to be replaced. */
  async #begin(columns: readonly string[], log: Log): Promise<Part> {
    await readyFor(this.path)
    const path = partPath(this.path, this.#number)
    if (this.#number > 1) log.info('there is a further column: the table goes on in another file', { path })
    if (!this.#begun && !this.#options.append) for (const old of partPaths(this.path).slice(1)) await unlink(old)
    const file = await TailedFile.open(path, { length: 0, ending: '', clean: true })
    return { file, columns, lead: csvLine(['timestamp', ...columns]) }
  }

  /** What is in the file was written before: that it does not close well is no concern of the next row. */
  async #closePart(log: Log): Promise<void> {
    const part = this.#part
    this.#part = undefined
    await part?.file.close().catch((error: unknown) => log.warn('a file did not close well', { path: part.file.path, error }))
  }
}
