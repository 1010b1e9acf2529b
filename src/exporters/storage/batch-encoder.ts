import { CsvEncoder } from '../../codecs/csv/csv.ts'
import { GzipEncoder } from '../../codecs/gzip/gzip.ts'
import { JsonLinesEncoder } from '../../codecs/jsonl/jsonl.ts'
import { MsgpackEncoder } from '../../codecs/msgpack/msgpack.ts'
import { ZstdEncoder } from '../../codecs/zstd/zstd.ts'
import type { Batch, Encoder } from '../../sdk.ts'

/** How a file says its records: each a line of JSON or CSV, or all as one array of JSON or MessagePack. */
export const formats = ['jsonl', 'json', 'csv', 'msgpack'] as const
export type Format = (typeof formats)[number]

export const compressions = ['none', 'gzip', 'zstd'] as const
export type Compression = (typeof compressions)[number]

/** Encodes a batch as the whole of a file. */
export function batchEncoder(format: Format, compression: Compression): Encoder<Batch> {
  const encoder = encoders[format]()
  if (compression === 'none') return encoder
  return compression === 'gzip' ? new GzipEncoder(encoder) : new ZstdEncoder(encoder)
}

const encoders: Readonly<Record<Format, () => Encoder<Batch>>> = {
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
