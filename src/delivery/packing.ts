import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { WaybillError } from '../core/errors.ts'
import type { RecordType } from '../core/record-type.ts'

/** Makes data smaller while it waits. */
export class Packing<T> {
  readonly #encode: NonNullable<RecordType<T>['encode']>
  readonly #decode: NonNullable<RecordType<T>['decode']>

  /** Throws WaybillError `INVALID_OPTION` where the records cannot be written as bytes. */
  constructor({ encode, decode }: RecordType<T>) {
    if (!encode || !decode)
      throw new WaybillError('INVALID_OPTION', 'data of this kind cannot be compressed while it waits', {
        hint: 'give `records` an encode and a decode, or leave compressBuffer out',
      })
    this.#encode = encode
    this.#decode = decode
  }

  pack(data: T): Uint8Array {
    return zstdCompressSync(this.#encode(data))
  }

  unpack(packed: Uint8Array): T {
    return this.#decode(zstdDecompressSync(packed))
  }
}
