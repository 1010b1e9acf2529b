import { gunzipSync, gzipSync } from 'node:zlib'
import { type Decoder, type Encoder, WaybillError } from '../../core/index.ts'

export interface GzipOptions {
  /** From 0, none, to 9, smallest; −1 for zlib's own choice, which is 6. Default: −1. */
  readonly level?: number
}

/** What another encoder makes, compressed with gzip (RFC 1952). The same data gives the same bytes. */
export class GzipEncoder<T> implements Encoder<T> {
  readonly contentType = 'application/gzip'
  readonly extension: string
  readonly #inner: Encoder<T>
  readonly #level: number

  /** Throws WaybillError `INVALID_OPTION` for a level that there is not. */
  constructor(inner: Encoder<T>, { level = -1 }: GzipOptions = {}) {
    if (!Number.isInteger(level) || level < -1 || level > 9)
      throw new WaybillError('INVALID_OPTION', `${level} is not a compression level of gzip`, { hint: 'choose one from -1 to 9' })
    this.extension = inner.extension === '' ? 'gz' : `${inner.extension}.gz`
    this.#inner = inner
    this.#level = level
  }

  encode(data: T): Uint8Array {
    return gzipSync(this.#inner.encode(data), { level: this.#level })
  }
}

/** Decompresses for another decoder what begins as gzip does, and gives it everything else as it is. Throws where gzip breaks off. */
export class GzipDecoder<T> implements Decoder<T> {
  readonly #inner: Decoder<T>

  constructor(inner: Decoder<T>) {
    this.#inner = inner
  }

  decode(bytes: Uint8Array): T {
    return this.#inner.decode(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes)
  }
}
