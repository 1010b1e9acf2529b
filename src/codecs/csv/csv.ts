import { type Batch, ByteWriter, type Point, SeriesCache, type StreamEncoder } from '../../core/index.ts'
import { formatMs } from '../text/rfc3339.ts'
import { TimeCache } from '../text/time-cache.ts'
import { csvCell, csvLine } from './cell.ts'
import { pointNames, tableOf } from './columns.ts'

export interface CsvOptions {
  /**
   * Puts an apostrophe before text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line
   * end), as https://owasp.org/www-community/attacks/CSV_Injection advises. Off by default: it changes the data.
   */
  readonly escapeFormulas?: boolean
}

/**
 * CSV after RFC 4180: comma, CRLF, UTF-8, fields in quotes where they need them. A line for each record; README.md has the
 * columns of each signal. The header is apart, for whoever begins a file.
 */
export class CsvEncoder implements StreamEncoder<Batch> {
  readonly contentType = 'text/csv; charset=utf-8'
  readonly extension = 'csv'
  readonly #writer = new ByteWriter()
  readonly #escapeFormulas: boolean
  readonly #times = new TimeCache((timeMs) => `${formatMs(timeMs)},`)
  readonly #aroundValue = new SeriesCache(({ name, unit, kind, labels }) => ({
    before: Buffer.from(`${csvCell(name, this.#escapeFormulas)},`),
    behind: Buffer.from(`,${csvLine([unit, kind, Object.fromEntries(labels)], this.#escapeFormulas)}`),
  }))

  constructor({ escapeFormulas = false }: CsvOptions = {}) {
    this.#escapeFormulas = escapeFormulas
  }

  /** The first line of a file of such batches, with its line end. */
  header(batch: Batch): string {
    return csvLine(batch.signal === 'metrics' ? pointNames : tableOf(batch).names, this.#escapeFormulas)
  }

  /** The records' lines, without a header. */
  encode(batch: Batch): Uint8Array {
    this.#writer.clear()
    this.encodeInto(this.#writer, batch)
    return this.#writer.take()
  }

  encodeInto(writer: ByteWriter, batch: Batch): void {
    if (batch.signal === 'metrics') for (const point of batch.points) this.#point(writer, point)
    else for (const row of tableOf(batch).rows()) writer.text(csvLine(row, this.#escapeFormulas))
  }

  #point(writer: ByteWriter, { timeMs, series, value }: Point): void {
    const { before, behind } = this.#aroundValue.get(series)
    writer.bytes(this.#times.get(timeMs))
    writer.bytes(before)
    if (typeof value === 'number' && Number.isFinite(value)) writer.number(value)
    else writer.ascii(csvCell(value))
    writer.bytes(behind)
  }
}
