import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { SnappyCompressor } from '../snappy/snappy.ts'

export const compressions = ['none', 'snappy', 'gzip', 'zstd'] as const
/** How the pages of a file are compressed. */
export type Compression = (typeof compressions)[number]

export interface PageCompression {
  /** `CompressionCodec` of Parquet's metadata. */
  readonly code: number
  compress(bytes: Uint8Array): Uint8Array
}

const level = { params: { [constants.ZSTD_c_compressionLevel]: 3 } }

export function pageCompression(compression: Compression): PageCompression {
  const snappy = new SnappyCompressor()
  switch (compression) {
    case 'none':
      return { code: 0, compress: (bytes) => bytes }
    case 'snappy':
      return { code: 1, compress: (bytes) => snappy.compress(bytes) }
    case 'gzip':
      return { code: 2, compress: (bytes) => gzipSync(bytes) }
    case 'zstd':
      return { code: 6, compress: (bytes) => zstdCompressSync(bytes, level) }
  }
}
