import type { Field, MessageType, Scalar } from './message-type.ts'
import { wireTypes } from './message-writer.ts'

/** Deeper than any telemetry, and not so deep that the stack would end. */
const deepest = 100

/**
 * A message of that type, from the binary form of Protocol Buffers; what the type does not know is passed over. Throws an Error that
 * says at which byte it is no such message.
 */
export function readMessage<T>(type: MessageType<T>, bytes: Uint8Array): T {
  return new MessageReader(bytes, 0, bytes.length).message(type, 0)
}

class MessageReader {
  readonly #bytes: Buffer
  readonly #end: number
  #at: number

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#at = start
    this.#end = end
  }

  message<T>(type: MessageType<T>, depth: number): T {
    if (depth > deepest) throw this.#wrong(this.#at, `more than ${deepest} messages within each other`)
    const message: Record<string, unknown> = {}
    while (this.#at < this.#end) {
      const start = this.#at
      const tag = this.#varint()
      const [number, wireType] = [Math.floor(tag / 8), tag % 8]
      if (number === 0) throw this.#wrong(start, 'there is no field 0')
      const field = type.byNumber.get(number)
      if (!field) this.#skip(start, wireType)
      else if (field.repeated) {
        message[field.name] ??= []
        this.#repeated(field, wireType, message[field.name] as unknown[], depth)
      } else message[field.name] = this.#value(field.kind, wireType, depth)
    }
    return message as T
  }

  #repeated({ kind }: Field, wireType: number, into: unknown[], depth: number): void {
    const packed = wireType === 2 && typeof kind === 'string' && wireTypes[kind] !== 2
    if (!packed) {
      into.push(this.#value(kind, wireType, depth))
      return
    }
    const numbers = this.#delimited()
    while (numbers.#at < numbers.#end) into.push(numbers.#scalar(kind))
  }

  #value(kind: Scalar | MessageType, wireType: number, depth: number): unknown {
    const expected = typeof kind === 'string' ? wireTypes[kind] : 2
    if (wireType !== expected) throw this.#wrong(this.#at, `a field of wire type ${wireType} where ${expected} is expected`)
    return typeof kind === 'string' ? this.#scalar(kind) : this.#delimited().message(kind, depth + 1)
  }

  #scalar(kind: Scalar): unknown {
    switch (kind) {
      case 'string':
        return this.#delimited().#text('utf8')
      case 'id':
        return this.#delimited().#text('hex')
      case 'bytes':
        return this.#delimited().#copy()
      case 'double':
        return this.#bytes.readDoubleLE(this.#take(8))
      case 'time':
        return this.#bytes.readBigUInt64LE(this.#take(8))
      case 'fixed64':
        return Number(this.#bytes.readBigUInt64LE(this.#take(8)))
      case 'sfixed64':
        return Number(this.#bytes.readBigInt64LE(this.#take(8)))
      case 'int64':
        return this.#int64()
      case 'bool':
        return this.#varint() !== 0
      case 'sint32': {
        const value = this.#varint()
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2
      }
      default:
        return this.#varint()
    }
  }

  #skip(start: number, wireType: number): void {
    if (wireType === 0) this.#varint()
    else if (wireType === 1) this.#take(8)
    else if (wireType === 2) this.#delimited()
    else if (wireType === 5) this.#take(4)
    else throw this.#wrong(start, `there is no wire type ${wireType}`)
  }

  #delimited(): MessageReader {
    const length = this.#varint()
    const start = this.#take(length)
    return new MessageReader(this.#bytes, start, start + length)
  }

  #text(encoding: 'utf8' | 'hex'): string {
    return this.#bytes.toString(encoding, this.#at, this.#end)
  }

  #copy(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(this.#at, this.#end))
  }

  /** Beyond 2⁵³ the nearest number. */
  #varint(): number {
    const start = this.#at
    let value = 0
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      if (this.#at >= this.#end) throw this.#wrong(start, 'it ends within a number')
      const byte = this.#bytes[this.#at++]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw this.#wrong(start, 'a number of more than ten bytes')
  }

  /** A bigint where no number is exact. */
  #int64(): number | bigint {
    const start = this.#at
    const value = this.#varint()
    if (value <= Number.MAX_SAFE_INTEGER) return value
    let exact = 0n
    for (let at = this.#at - 1; at >= start; at--) exact = (exact << 7n) | BigInt(this.#bytes[at]! & 0x7f)
    const signed = BigInt.asIntN(64, exact)
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
  }

  #take(length: number): number {
    const start = this.#at
    if (length > this.#end - start) throw this.#wrong(start, 'a field goes beyond the end of its message')
    this.#at += length
    return start
  }

  #wrong(at: number, what: string): Error {
    return new Error(`not a message of OTLP, at byte ${at}: ${what}`)
  }
}
