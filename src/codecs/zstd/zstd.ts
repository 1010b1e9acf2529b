import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type Decoder, type Encoder, WaybillError } from '../../core/index.ts'

export interface ZstdOptions {
  /** From 1, fastest, to 22, smallest. Default: 3. */
  readonly level?: number
}

/** What another encoder makes, compressed with Zstandard (RFC 8878). The same data gives the same bytes. */
export class ZstdEncoder<T> implements Encoder<T> {
  readonly contentType = 'application/zstd'
  readonly extension: string
  readonly #inner: Encoder<T>
  readonly #level: number

  /** Throws WaybillError `INVALID_OPTION` for a level that there is not. */
  constructor(inner: Encoder<T>, { level = 3 }: ZstdOptions = {}) {
    if (!Number.isInteger(level) || level < 1 || level > 22)
      throw new WaybillError('INVALID_OPTION', `${level} is not a compression level of zstd`, { hint: 'choose one from 1 to 22' })
    this.extension = inner.extension === '' ? 'zst' : `${inner.extension}.zst`
    this.#inner = inner
    this.#level = level
  }

  encode(data: T): Uint8Array {
    return zstdCompressSync(this.#inner.encode(data), { params: { [constants.ZSTD_c_compressionLevel]: this.#level } })
  }
}

const magic = Buffer.of(0x28, 0xb5, 0x2f, 0xfd)

/** Decompresses for another decoder what begins as Zstandard does, and gives it everything else as it is. Throws where zstd breaks off. */
export class ZstdDecoder<T> implements Decoder<T> {
  readonly #inner: Decoder<T>

  constructor(inner: Decoder<T>) {
    this.#inner = inner
  }

  decode(bytes: Uint8Array): T {
    return this.#inner.decode(magic.equals(bytes.subarray(0, magic.length)) ? zstdDecompressSync(bytes) : bytes)
  }
}
