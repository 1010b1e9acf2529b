import type { ByteWriter } from './byte-writer.ts'

/** Turns a `T` into bytes. */
export interface Encoder<T> {
  readonly contentType: string
  /** Of files that hold it, without a dot; empty for none. */
  readonly extension: string
  /** Bytes of their own, the caller's to keep. */
  encode(data: T): Uint8Array
}

/** An encoder whose output may be put together from several calls without a copy in between. */
export interface StreamEncoder<T> extends Encoder<T> {
  encodeInto(writer: ByteWriter, data: T): void
}

/** Turns bytes into a `T`. Throws an Error that says at which byte or line they are not what they should be. */
export interface Decoder<T> {
  decode(bytes: Uint8Array): T
}
