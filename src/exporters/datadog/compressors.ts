import { promisify } from 'node:util'
import { constants, deflate, gzip, zstdCompress } from 'node:zlib'
import type { Config } from './config.ts'

const [deflated, gzipped, zstandard] = [promisify(deflate), promisify(gzip), promisify(zstdCompress)]

/** By `Content-Encoding`, but for `none`. */
export const compressors: Readonly<Record<Config['compression'], (body: Uint8Array) => Uint8Array | Promise<Uint8Array>>> = {
  none: (body) => body,
  deflate: (body) => deflated(body, { level: 1 }),
  gzip: (body) => gzipped(body, { level: 1 }),
  zstd: (body) => zstandard(body, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
}
