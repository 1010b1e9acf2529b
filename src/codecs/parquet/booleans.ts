import type { ByteWriter } from '../../core/index.ts'
import type { Bounds, Values } from './values.ts'

/** A bit for each value. */
export class Booleans implements Values<boolean> {
  readonly #bytes: number[] = []
  #count = 0
  #trues = 0

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#bytes.length * 8
  }

  add(value: boolean): void {
    const bit = value ? 1 : 0
    if (this.#count % 8 === 0) this.#bytes.push(bit)
    else this.#bytes[this.#bytes.length - 1]! |= bit << (this.#count % 8)
    this.#count++
    this.#trues += bit
  }

  writeDictionary(): number {
    return 0
  }

  write(writer: ByteWriter): void {
    for (const byte of this.#bytes) writer.byte(byte)
  }

  bounds(): Bounds {
    if (this.#count === 0) return {}
    return { min: Uint8Array.of(this.#trues === this.#count ? 1 : 0), max: Uint8Array.of(this.#trues > 0 ? 1 : 0) }
  }

  clear(): void {
    this.#bytes.length = 0
    this.#count = 0
    this.#trues = 0
  }
}
