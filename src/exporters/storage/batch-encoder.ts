import { CsvEncoder } from '../../codecs/csv/csv.ts'
import { GzipEncoder } from '../../codecs/gzip/gzip.ts'
import { JsonLinesEncoder } from '../../codecs/jsonl/jsonl.ts'
import { MsgpackEncoder } from '../../codecs/msgpack/msgpack.ts'
import { ParquetEncoder, unfit } from '../../codecs/parquet/parquet.ts'
import { ZstdEncoder } from '../../codecs/zstd/zstd.ts'
import { type Batch, type Encoder, type Rejection, recordsOf, withRecords } from '../../sdk.ts'

/** How a file says its records: each a line of JSON or CSV, all as one array of JSON or MessagePack, or in columns. */
export const formats = ['jsonl', 'json', 'csv', 'msgpack', 'parquet'] as const
export type Format = (typeof formats)[number]

/** The last is for Parquet only. */
export const compressions = ['none', 'gzip', 'zstd', 'snappy'] as const
export type Compression = (typeof compressions)[number]

/** Encodes a batch as the whole of a file, compressed by default where the format itself is. */
export function batchEncoder(format: Format, compression: Compression | undefined): Encoder<Batch> {
  if (format === 'parquet') return new ParquetEncoder(compression && { compression })
  const encoder = encoders[format]()
  if (compression === 'gzip') return new GzipEncoder(encoder)
  return compression === 'zstd' ? new ZstdEncoder(encoder) : encoder
}

/** Of a batch what a file of the format can hold, and why it cannot hold the other records. */
export function fitting(batch: Batch, format: Format): { readonly batch: Batch; readonly rejected: readonly Rejection[] } {
  const rejected = format === 'parquet' ? unfit(batch) : []
  if (rejected.length === 0) return { batch, rejected }
  const indexes = new Set(rejected.map(({ index }) => index))
  const records = recordsOf(batch).filter((_, index) => !indexes.has(index))
  return { batch: withRecords(batch, records), rejected }
}

const encoders: Readonly<Record<Exclude<Format, 'parquet'>, () => Encoder<Batch>>> = {
  jsonl: () => new JsonLinesEncoder(),
  json: () => {
    const lines = new JsonLinesEncoder()
    return {
      contentType: 'application/json',
      extension: 'json',
      encode: (batch) => Buffer.from(`[${lines.lines(batch).join(',\n')}]\n`),
    }
  },
  csv: () => {
    const csv = new CsvEncoder()
    const { contentType, extension } = csv
    return { contentType, extension, encode: (batch) => Buffer.concat([Buffer.from(csv.header(batch)), csv.encode(batch)]) }
  },
  msgpack: () => {
    const lines = new JsonLinesEncoder()
    const msgpack = new MsgpackEncoder()
    const { contentType, extension } = msgpack
    return { contentType, extension, encode: (batch) => msgpack.encode(lines.lines(batch).map((line) => JSON.parse(line))) }
  },
}
