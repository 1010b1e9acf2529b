/**
 * Snappy's block format (https://github.com/google/snappy/blob/main/format_description.txt), which remote write and Parquet are
 * compressed with; not the framed one. README.md tells how fast it is.
 */
export { SnappyCompressor } from './compress.ts'
export { uncompress } from './uncompress.ts'
