import { promisify } from 'node:util'
import { constants, gzip, zstdCompress } from 'node:zlib'

/** How a body is packed; also its `Content-Encoding`, but for `none`. */
export type Compression = 'none' | 'gzip' | 'zstd'

const gzipped = promisify(gzip)
const zstandard = promisify(zstdCompress)

/** At the fastest level: telemetry repeats itself, and higher ones gain little. */
export const compressions: Readonly<Record<Compression, (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>>> = {
  none: (bytes) => bytes,
  gzip: (bytes) => gzipped(bytes, { level: 1 }),
  zstd: (bytes) => zstandard(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
}
