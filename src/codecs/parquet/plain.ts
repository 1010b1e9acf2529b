import type { ByteWriter } from '../../core/index.ts'
import { writeInt32, writeInt64 } from './little-endian.ts'
import type { Bounds } from './values.ts'

/** How values of a physical type are written, and in which order statistics have them. */
export interface Plain<T> {
  /** About how many bytes it takes. */
  size(value: T): number
  /** In the encoding PLAIN. */
  write(writer: ByteWriter, value: T): void
  isLess(a: T, b: T): boolean
  /** As statistics have it; undefined where it is too long for them. */
  bound(value: T): Uint8Array | undefined
}

export const int32: Plain<number> = {
  size: () => 4,
  write: writeInt32,
  isLess: (a, b) => a < b,
  bound: (value) => Buffer.from(Int32Array.of(value).buffer),
}

export const int64: Plain<number | bigint> = {
  size: () => 8,
  write: writeInt64,
  isLess: (a, b) => a < b,
  bound: (value) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt(value))
    return bytes
  },
}

/** Well-formed text as UTF-8. */
export const utf8: Plain<string> = {
  size: (value) => value.length + 4,
  write: (writer, value) => {
    writeInt32(writer, Buffer.byteLength(value))
    writer.text(value)
  },
  isLess: isLessInUtf8,
  bound: (value) => {
    const bytes = Buffer.from(value)
    return bytes.length > longestBound ? undefined : bytes
  },
}

/** The least and the greatest of values, of which each may stand there once. */
export function boundsOf<T>({ isLess, bound }: Plain<T>, values: readonly T[]): Bounds {
  if (values.length === 0) return {}
  let min: T = values[0]!
  let max: T = min
  for (const value of values) {
    if (isLess(value, min)) min = value
    else if (isLess(max, value)) max = value
  }
  return { min: bound(min), max: bound(max) }
}

const longestBound = 64

/** By bytes, which is by code points. JavaScript compares by UTF-16, in which those of two units come before U+E000. */
function isLessInUtf8(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const unitOfA = a.charCodeAt(index)
    const unitOfB = b.charCodeAt(index)
    if (unitOfA !== unitOfB) return rank(unitOfA) < rank(unitOfB)
  }
  return a.length < b.length
}

const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)
