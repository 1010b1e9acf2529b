import { Decoder as Reader, Encoder as Writer } from '@msgpack/msgpack'
import type { Decoder, Encoder } from '../../core/index.ts'

/**
 * Anything as one MessagePack value (https://github.com/msgpack/msgpack/blob/master/spec.md): what JSON can say, and bytes,
 * `bigint` (as 64-bit integers) and Date (as a timestamp) as what they are. `undefined` becomes nil in arrays and is left out of
 * objects. Throws for what has no place in it: a function, a cycle, a `bigint` beyond 64 bits.
 */
export class MsgpackEncoder<T> implements Encoder<T> {
  readonly contentType = 'application/vnd.msgpack'
  readonly extension = 'msgpack'
  readonly #writer = new Writer({ useBigInt64: true, ignoreUndefined: true })

  encode(data: T): Uint8Array {
    checkBigints(data)
    return this.#writer.encode(data)
  }
}

/** Reads one MessagePack value, of which only the type says that it is a `T`. 64-bit integers are `bigint`. Throws for anything else. */
export class MsgpackDecoder<T> implements Decoder<T> {
  readonly #reader = new Reader({ useBigInt64: true })

  decode(bytes: Uint8Array): T {
    return this.#reader.decode(bytes) as T
  }
}

/** The library would keep the lowest 64 bits. */
function checkBigints(data: unknown): void {
  if (typeof data === 'bigint' && BigInt.asUintN(64, data) !== data && BigInt.asIntN(64, data) !== data)
    throw new RangeError(`${data} has more than 64 bits`)
  if (typeof data === 'object' && data !== null && !ArrayBuffer.isView(data)) for (const value of Object.values(data)) checkBigints(value)
}
