import { ByteWriter } from '../../core/index.ts'
import type { Sample } from './lines.ts'
import { int64Field, staleBits } from './wire-writer.ts'

const valueAt = 3
const timesAt = valueAt + 8
const none = new Uint8Array()

/**
 * The field `samples` of a time series, which has the number 2 in both versions. Only the value is written anew from one sample to
 * the next of the same time, which most are.
 */
export class SampleBytes {
  readonly #withStart: boolean
  readonly #buffer = Buffer.alloc(48)
  readonly #view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, this.#buffer.length)
  readonly #times = new ByteWriter(32)
  readonly #several = new ByteWriter(1024)
  #timeMs = Number.NaN
  #startMs = Number.NaN
  #bytes: Uint8Array = this.#buffer

  /** `withStart`: whether a sample tells when counting began. */
  constructor(withStart: boolean) {
    this.#withStart = withStart
  }

  /** The samples of one time series, valid until the next call; nothing when they are histograms. */
  of(samples: readonly Sample[]): Uint8Array {
    if (typeof samples[0]!.value !== 'number') return none
    if (samples.length === 1) return this.#sample(samples[0]!)
    this.#several.clear()
    for (const sample of samples) this.#several.bytes(this.#sample(sample))
    return this.#several.view()
  }

  #sample({ timeMs, value, startTimeMs = 0, stale }: Sample): Uint8Array {
    const ms = Math.floor(timeMs)
    const startMs = this.#withStart ? Math.floor(startTimeMs) : 0
    if (ms !== this.#timeMs || startMs !== this.#startMs) this.#setTimes(ms, startMs)
    if (stale) this.#buffer.set(staleBits, valueAt)
    else this.#view.setFloat64(valueAt, value as number, true)
    return this.#bytes
  }

  #setTimes(timeMs: number, startMs: number): void {
    this.#timeMs = timeMs
    this.#startMs = startMs
    this.#times.clear()
    int64Field(this.#times, 2, timeMs)
    if (startMs !== 0) int64Field(this.#times, 3, startMs)
    this.#buffer.set([0x12, 1 + 8 + this.#times.length, 0x09])
    this.#buffer.set(this.#times.view(), timesAt)
    this.#bytes = this.#buffer.subarray(0, timesAt + this.#times.length)
  }
}
