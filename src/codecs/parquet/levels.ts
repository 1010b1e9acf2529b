import { ByteWriter } from '../../core/index.ts'
import { grown } from './grown.ts'
import { widthOf, writeHybrid, writeRun } from './hybrid.ts'
import { writeInt32 } from './little-endian.ts'

/** Used again from one call to the next. */
const encoded = new ByteWriter(1024)

/** Up to so many are written faster one by one. */
const few = 16

/**
 * The repetition or definition levels of a column. They are mostly all the same (nothing is null, everything is), and then only
 * counted.
 */
export class Levels {
  readonly #most: number
  #levels = new Uint8Array(64)
  #count = 0
  /** The level of all so far; undefined when there are several. */
  #only: number | undefined

  /** `most` is the highest level that there can be. */
  constructor(most: number) {
    this.#most = most
  }

  get count(): number {
    return this.#count
  }

  add(level: number, times = 1): void {
    if (this.#only !== level) {
      if (this.#count === 0) this.#only = level
      else if (this.#only !== undefined) this.#spellOut()
    }
    if (this.#only === undefined) {
      this.#reserve(times)
      if (times > few) this.#levels.fill(level, this.#count, this.#count + times)
      else for (let index = 0; index < times; index++) this.#levels[this.#count + index] = level
    }
    this.#count += times
  }

  /** As a data page of version 1 has them: the length in bytes, and a hybrid of runs and packed bits. Nothing where there is one level only. */
  write(writer: ByteWriter): void {
    if (this.#most === 0) return
    const width = widthOf(this.#most)
    encoded.clear()
    if (this.#only !== undefined) writeRun(encoded, this.#only, this.#count, width)
    else writeHybrid(encoded, this.#levels, this.#count, width)
    writeInt32(writer, encoded.length)
    writer.bytes(encoded.view())
  }

  clear(): void {
    this.#count = 0
    this.#only = undefined
  }

  #spellOut(): void {
    this.#reserve(0)
    this.#levels.fill(this.#only!, 0, this.#count)
    this.#only = undefined
  }

  #reserve(more: number): void {
    const length = this.#count + more
    if (length > this.#levels.length) this.#levels = grown(this.#levels, length)
  }
}
