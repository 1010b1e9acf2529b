import { type Batch, ByteWriter, type Rejection, recordsOf, type StreamEncoder, toError } from '../../core/index.ts'
import { layoutOf } from './layout.ts'
import { ParquetFile, type ParquetOptions } from './parquet-file.ts'

export type { Compression } from './compression.ts'
export { ParquetFile, type ParquetOptions } from './parquet-file.ts'

/**
 * A batch as a whole Parquet file. README.md has the columns of each signal. Where files are made of many batches there is
 * `ParquetFile`.
 */
export class ParquetEncoder implements StreamEncoder<Batch> {
  readonly contentType = 'application/vnd.apache.parquet'
  readonly extension = 'parquet'
  readonly #file: ParquetFile
  readonly #writer = new ByteWriter()

  /** Throws WaybillError `INVALID_OPTION` or `INVALID_SIZE`. */
  constructor(options: ParquetOptions = {}) {
    this.#file = new ParquetFile(options)
  }

  /** Throws a TypeError or RangeError where a record does not fit its column: `unfit` tells which. */
  encode(batch: Batch): Uint8Array {
    this.#writer.clear()
    this.encodeInto(this.#writer, batch)
    return this.#writer.take()
  }

  encodeInto(writer: ByteWriter, batch: Batch): void {
    writer.bytes(this.#file.add(batch))
    writer.bytes(this.#file.end())
  }
}

/** The records that no Parquet file can hold, each with the reason: a cell that is not of its column's type, or is too large for it. */
export function unfit(batch: Batch): readonly (Rejection & { readonly index: number })[] {
  const layout = layoutOf(batch)
  return recordsOf(batch).flatMap((record, index) => {
    try {
      layout.prepare([record])
      return []
    } catch (thrown) {
      return [{ index, error: toError(thrown) }]
    }
  })
}
