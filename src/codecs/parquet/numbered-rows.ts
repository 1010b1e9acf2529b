import type { ByteWriter } from '../../core/index.ts'
import { writeRun } from './hybrid.ts'
import type { Lists } from './lists.ts'

/** Numbers for each row, of which many have the same. */
export interface NumberedRows {
  /** Of each row, which of the lists it has. */
  readonly rows: Int32Array
  /** How many rows there are. */
  readonly count: number
  readonly lists: Lists
  /** How many numbers all rows have together. */
  readonly total: number
  /** How many bits a number takes at most, 1 to 31. */
  readonly width: number
}

/** Used again from one call to the next. */
let packed = new Uint8Array(1024)

/**
 * The numbers of all rows, one behind the other, as Parquet's hybrid has them (see `writeHybrid`): as one run where all are the same, else
 * packed. The bits of a list are put together once, and a row takes over up to 31 of them at a time.
 */
export function writeNumberedRows(writer: ByteWriter, numbered: NumberedRows): void {
  const { lists, total, width } = numbered
  const { numbers } = lists
  if (numbers.every((number) => number === numbers[0])) writeRun(writer, numbers[0] ?? 0, total, width)
  else writePacked(writer, numbered)
}

function writePacked(writer: ByteWriter, { rows, count, lists, total, width }: NumberedRows): void {
  const { starts, words, widths } = wordsOf(lists, width)
  const groups = Math.ceil(total / 8)
  const length = groups * width
  if (packed.length < length + 4) packed = new Uint8Array(length * 2 + 4)
  const bytes = packed
  let to = 0
  let bits = 0
  let waiting = 0
  for (let row = 0; row < count; row++) {
    const list = rows[row]!
    const end = starts[list + 1]!
    for (let index = starts[list]!; index < end; index++) {
      const word = words[index]!
      const added = widths[index]!
      bits |= word << waiting
      waiting += added
      if (waiting < 32) continue
      bytes[to] = bits
      bytes[to + 1] = bits >>> 8
      bytes[to + 2] = bits >>> 16
      bytes[to + 3] = bits >>> 24
      to += 4
      waiting -= 32
      bits = word >>> (added - waiting)
    }
  }
  for (; waiting > 0; waiting -= 8) {
    bytes[to++] = bits
    bits >>>= 8
  }
  bytes.fill(0, to, length)
  writer.varint(groups * 2 + 1)
  writer.bytes(bytes.subarray(0, length))
}

interface Words {
  /** Where the words of each list begin; one more than there are lists. */
  readonly starts: Int32Array
  readonly words: Int32Array
  /** Of each word, how many bits of it count. */
  readonly widths: Uint8Array
}

/** As many numbers in one word as 31 bits hold. */
function wordsOf(lists: Lists, width: number): Words {
  const { numbers, starts: from, count } = lists
  const perWord = Math.floor(31 / width)
  const starts = new Int32Array(count + 1)
  for (let list = 0; list < count; list++) starts[list + 1] = starts[list]! + Math.ceil(lists.lengthOf(list) / perWord)
  const words = new Int32Array(starts[count]!)
  const widths = new Uint8Array(words.length)
  for (let list = 0; list < count; list++) {
    let word = starts[list]!
    for (let index = from[list]!; index < from[list + 1]!; index++) {
      if (widths[word]! + width > 31) word++
      words[word]! |= numbers[index]! << widths[word]!
      widths[word]! += width
    }
  }
  return { starts, words, widths }
}
