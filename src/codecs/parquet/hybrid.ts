import type { ByteWriter } from '../../core/index.ts'

/** How many bits it takes to write every number from 0 to `most`; at least one. */
export const widthOf = (most: number): number => Math.max(1, 32 - Math.clz32(most))

/**
 * The first `count` of `numbers`, none of which takes more than `width` bits (1 to 24), as Parquet's hybrid of runs and packed bits
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE): eight or more that are the same as a run, others packed
 * in groups of eight.
 */
export function writeHybrid(writer: ByteWriter, numbers: ArrayLike<number>, count: number, width: number): void {
  for (let at = 0; at < count; ) {
    const end = endOfRun(numbers, at, count)
    if (end - at >= 8) {
      writeRun(writer, numbers[at]!, end - at, width)
      at = end
      continue
    }
    let until = at + 8
    while (until < count && !isRunOfEight(numbers, until, count)) until += 8
    writePacked(writer, { numbers, at, until, count, width })
    at = until
  }
}

/** `times` the same number. */
export function writeRun(writer: ByteWriter, number: number, times: number, width: number): void {
  writer.varint(times * 2)
  for (let bits = 0; bits < width; bits += 8) writer.byte((number >>> bits) & 0xff)
}

interface Packing {
  readonly numbers: ArrayLike<number>
  readonly at: number
  /** A multiple of eight behind `at`; zeros stand for what is not there any more. */
  readonly until: number
  readonly count: number
  readonly width: number
}

/** Used again from one call to the next. */
let packed = new Uint8Array(1024)

function writePacked(writer: ByteWriter, { numbers, at, until, count, width }: Packing): void {
  const groups = (until - at) / 8
  const length = groups * width
  if (packed.length < length) packed = new Uint8Array(length * 2)
  const bytes = packed
  const end = Math.min(until, count)
  let bits = 0
  let waiting = 0
  let to = 0
  for (let index = at; index < end; index++) {
    const number = numbers[index]!
    bits |= number << waiting
    waiting += width
    if (waiting < 32) continue
    bytes[to] = bits
    bytes[to + 1] = bits >>> 8
    bytes[to + 2] = bits >>> 16
    bytes[to + 3] = bits >>> 24
    to += 4
    waiting -= 32
    bits = number >>> (width - waiting)
  }
  for (; waiting > 0; waiting -= 8) {
    bytes[to++] = bits
    bits >>>= 8
  }
  bytes.fill(0, to, length)
  writer.varint(groups * 2 + 1)
  writer.bytes(bytes.subarray(0, length))
}

function endOfRun(numbers: ArrayLike<number>, at: number, count: number): number {
  const number = numbers[at]!
  let end = at + 1
  while (end < count && numbers[end] === number) end++
  return end
}

function isRunOfEight(numbers: ArrayLike<number>, at: number, count: number): boolean {
  if (at + 8 > count) return false
  const number = numbers[at]!
  for (let index = at + 1; index < at + 8; index++) if (numbers[index] !== number) return false
  return true
}
