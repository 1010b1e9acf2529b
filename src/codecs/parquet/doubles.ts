import type { ByteWriter } from '../../core/index.ts'
import { grown } from './grown.ts'
import type { Bounds, Values } from './values.ts'

/** Measurements, which seldom repeat, and so are written as they are. */
export class Doubles implements Values<number> {
  #values = new Float64Array(64)
  #count = 0

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#count * Float64Array.BYTES_PER_ELEMENT
  }

  add(value: number): void {
    if (this.#count === this.#values.length) this.#values = grown(this.#values, 0)
    this.#values[this.#count++] = value
  }

  writeDictionary(): number {
    return 0
  }

  write(writer: ByteWriter): void {
    for (let index = 0; index < this.#count; index++) writer.double(this.#values[index]!)
  }

  /** Without NaN. A zero counts as both of its signs, as the format wants it. */
  bounds(): Bounds {
    let min = Number.POSITIVE_INFINITY
    let max = Number.NEGATIVE_INFINITY
    let nans = 0
    for (let index = 0; index < this.#count; index++) {
      const value = this.#values[index]!
      if (value < min) min = value
      if (value > max) max = value
      if (Number.isNaN(value)) nans++
    }
    if (nans === this.#count) return { nans }
    return { min: bound(min === 0 ? -0 : min), max: bound(max === 0 ? 0 : max), nans }
  }

  clear(): void {
    this.#count = 0
  }
}

function bound(value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}
