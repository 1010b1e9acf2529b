import { ByteWriter } from '../../core/index.ts'
import type { WritableColumn } from './column.ts'
import type { PageCompression } from './compression.ts'
import { leafTypes } from './leaf-types.ts'
import { binary, i32, i64, list, struct, type ThriftValue, text } from './thrift.ts'

/** A column of a row group, written. */
export interface ColumnChunk {
  /** For the metadata of the file. */
  readonly metadata: ThriftValue
  readonly compressedBytes: number
  readonly uncompressedBytes: number
}

const encoding = { plain: 0, rle: 3, dictionary: 8 }
const pageType = { data: 0, dictionary: 2 }

/** Used again from one call to the next. */
const page = new ByteWriter()

/**
 * Writes the pages of a column: a dictionary where one pays, and one page of data, of version 1, which every reader knows.
 * `offset` is where in the file `out` begins.
 */
export function writeColumnChunk(out: ByteWriter, offset: number, column: WritableColumn, compression: PageCompression): ColumnChunk {
  const { type, place, count } = column
  const start = offset + out.length
  page.clear()
  const entries = column.writeDictionary(page)
  let uncompressedBytes = 0
  if (entries > 0) {
    const header = struct({ 1: i32(entries), 2: i32(encoding.plain) })
    uncompressedBytes += writePage(out, compression, (sizes) => struct({ 1: i32(pageType.dictionary), ...sizes, 7: header }))
  }
  const dataStart = offset + out.length
  const valueEncoding = entries > 0 ? encoding.dictionary : encoding.plain
  page.clear()
  column.writeLevels(page)
  column.writeValues(page)
  const header = struct({ 1: i32(count), 2: i32(valueEncoding), 3: i32(encoding.rle), 4: i32(encoding.rle) })
  uncompressedBytes += writePage(out, compression, (sizes) => struct({ 1: i32(pageType.data), ...sizes, 5: header }))
  const compressedBytes = offset + out.length - start
  const encodings = entries > 0 ? [encoding.plain, encoding.rle, encoding.dictionary] : [encoding.plain, encoding.rle]
  const metadata = struct({
    1: i32(leafTypes[type].physical),
    2: list(encodings.map(i32)),
    3: list(place.path.map(text)),
    4: i32(compression.code),
    5: i64(count),
    6: i64(uncompressedBytes),
    7: i64(compressedBytes),
    9: i64(dataStart),
    ...(entries > 0 && { 11: i64(start) }),
    12: statistics(column),
  })
  return { metadata: struct({ 2: i64(0), 3: metadata }), compressedBytes, uncompressedBytes }
}

/** Writes what stands in `page`, and gives its size uncompressed, with its header. */
function writePage(out: ByteWriter, { compress }: PageCompression, header: (sizes: Record<number, ThriftValue>) => ThriftValue): number {
  const compressed = compress(page.view())
  const start = out.length
  header({ 2: i32(page.length), 3: i32(compressed.length) }).write(out)
  const headerBytes = out.length - start
  out.bytes(compressed)
  return headerBytes + page.length
}

function statistics(column: WritableColumn): ThriftValue {
  const { min, max, nans } = column.bounds()
  return struct({
    3: i64(column.nulls),
    5: max && binary(max),
    6: min && binary(min),
    9: nans === undefined ? undefined : i64(nans),
  })
}
