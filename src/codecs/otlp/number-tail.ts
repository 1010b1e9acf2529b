import { toNanoseconds } from './times.ts'

const startTag = 0x11
const timeTag = 0x19
const doubleTag = 0x21

/** How long the end of a `NumberDataPoint` is, by whether counting has a start. */
export const tailSize = (startTimeMs: number | undefined): number => (startTimeMs === undefined ? 18 : 27)

/** The end of a `NumberDataPoint`: its times and its value. Only what is not the same as in the point before is written anew. */
export class NumberTail {
  readonly #buffer = Buffer.alloc(27)
  readonly #view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, this.#buffer.length)
  readonly #whole: Uint8Array = this.#buffer
  readonly #withoutStart: Uint8Array = this.#buffer.subarray(9)
  #startTimeMs = Number.NaN
  #timeMs = Number.NaN

  constructor() {
    this.#buffer[0] = startTag
    this.#buffer[9] = timeTag
    this.#buffer[18] = doubleTag
  }

  /** Valid until the next call. */
  of(timeMs: number, startTimeMs: number | undefined, value: number): Uint8Array {
    if (timeMs !== this.#timeMs) {
      this.#view.setBigUint64(10, toNanoseconds(timeMs), true)
      this.#timeMs = timeMs
    }
    this.#view.setFloat64(19, value, true)
    if (startTimeMs === undefined) return this.#withoutStart
    if (startTimeMs !== this.#startTimeMs) {
      this.#view.setBigUint64(1, toNanoseconds(startTimeMs), true)
      this.#startTimeMs = startTimeMs
    }
    return this.#whole
  }
}
