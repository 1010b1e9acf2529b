import { type Batch, ByteWriter, parseSize, recordsOf, type Size, WaybillError } from '../../core/index.ts'
import { type ColumnChunk, writeColumnChunk } from './column-chunk.ts'
import { type Compression, compressions, type PageCompression, pageCompression } from './compression.ts'
import { type Layout, layoutOf } from './layout.ts'
import { writeInt32 } from './little-endian.ts'
import { fileMetadata } from './metadata.ts'
import { i64, list, struct, type ThriftValue } from './thrift.ts'

export interface ParquetOptions {
  /** Of the pages in the file. Default: `snappy`. */
  readonly compression?: Compression
  /** A row group ends when its rows take about so much memory. Default: `64MiB`, about a million points. */
  readonly rowGroupSize?: Size
}

/** After so many rows of a batch it is looked how large the row group is. */
const rowsBetweenLooks = 1024
/** What keeps pages below 2 GiB, and numbers of dictionaries below 2²⁴. */
const mostRowGroupBytes = 512 * 2 ** 20
const magic = Buffer.from('PAR1')

/**
 * Makes Parquet files (https://parquet.apache.org/docs/file-format/): batches in, bytes out, to be written one after another. What was
 * written is a file when the bytes of `end` are there too; the next batch begins another one. A file has one signal, and of rows one
 * set of columns. Bytes are good until the next call.
 */
export class ParquetFile {
  readonly #compression: PageCompression
  readonly #rowGroupBytes: number
  readonly #out = new ByteWriter()
  #layout: Layout | undefined
  /** What all batches of a file have in common. */
  #kind = ''
  #begun = false
  /** Where in the file what stands in `#out` begins. */
  #offset = 0
  #rowGroups: ThriftValue[] = []
  #rows = 0
  #rowsInGroup = 0

  /** Throws WaybillError `INVALID_OPTION` or `INVALID_SIZE`. */
  constructor({ compression = 'snappy', rowGroupSize = '64MiB' }: ParquetOptions = {}) {
    if (!compressions.includes(compression))
      throw new WaybillError('INVALID_OPTION', `Parquet has no compression ${compression}`, {
        hint: `choose one of ${compressions.join(', ')}`,
      })
    this.#compression = pageCompression(compression)
    this.#rowGroupBytes = parseSize(rowGroupSize)
    if (this.#rowGroupBytes > mostRowGroupBytes)
      throw new WaybillError('INVALID_OPTION', `a row group of ${rowGroupSize} is too large`, { hint: 'choose at most 512MiB' })
  }

  /**
   * Adds the records, and gives the bytes of the row groups that are full. Throws a TypeError or RangeError, and adds nothing, where
   * one does not fit its column, or the batch does not fit the file.
   */
  add(batch: Batch): Uint8Array {
    const layout = this.#layoutFor(batch)
    const prepared = layout.prepare(recordsOf(batch))
    this.#layout = layout
    this.#kind = kindOf(batch)
    this.#handOut()
    if (!this.#begun) this.#out.bytes(magic)
    this.#begun = true
    for (let index = 0; index < prepared.length; index++) {
      layout.add(prepared[index])
      this.#rowsInGroup++
      const isTimeToLook = index % rowsBetweenLooks === rowsBetweenLooks - 1 || index === prepared.length - 1
      if (isTimeToLook && layout.bytes >= this.#rowGroupBytes) this.#endRowGroup(layout)
    }
    return this.#out.view()
  }

  /** Ends the file. Throws an Error where nothing was added, not even a batch without records: there would be no columns. */
  end(): Uint8Array {
    const layout = this.#layout
    if (!layout || !this.#begun) throw new Error('a Parquet file without columns cannot be')
    this.#handOut()
    if (this.#rowsInGroup > 0) this.#endRowGroup(layout)
    const { fields, columns } = layout
    const start = this.#out.length
    fileMetadata({ fields, columnCount: columns.length, rowCount: this.#rows, rowGroups: this.#rowGroups }).write(this.#out)
    writeInt32(this.#out, this.#out.length - start)
    this.#out.bytes(magic)
    this.#begun = false
    this.#rowGroups = []
    this.#rows = 0
    return this.#out.view()
  }

  /** The one that the batches before had, with all that it has worked out, if it is for this batch too. */
  #layoutFor(batch: Batch): Layout {
    if (this.#layout && kindOf(batch) === this.#kind) return this.#layout
    if (this.#begun) throw new TypeError('a Parquet file holds one signal, and of rows one set of columns')
    return layoutOf(batch)
  }

  /** What was given to the caller is not needed any more. */
  #handOut(): void {
    this.#offset = this.#begun ? this.#offset + this.#out.length : 0
    this.#out.clear()
  }

  #endRowGroup(layout: Layout): void {
    layout.complete()
    const chunks = layout.columns.map((column) => writeColumnChunk(this.#out, this.#offset, column, this.#compression))
    this.#rowGroups.push(rowGroup(chunks, this.#rowsInGroup))
    layout.clear()
    this.#rows += this.#rowsInGroup
    this.#rowsInGroup = 0
  }
}

const kindOf = (batch: Batch): string => (batch.signal === 'rows' ? JSON.stringify(batch.table.columns) : batch.signal)

function rowGroup(chunks: readonly ColumnChunk[], rows: number): ThriftValue {
  const sum = (of: (chunk: ColumnChunk) => number) => chunks.reduce((total, chunk) => total + of(chunk), 0)
  return struct({
    1: list(chunks.map(({ metadata }) => metadata)),
    2: i64(sum(({ uncompressedBytes }) => uncompressedBytes)),
    3: i64(rows),
    6: i64(sum(({ compressedBytes }) => compressedBytes)),
  })
}
