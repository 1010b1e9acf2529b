import { isDeepStrictEqual } from 'node:util'
import type { Rejection } from '../../core/index.ts'
import { type Line, noSample, type Sample, type WireExemplar } from './lines.ts'

/** The samples of one request, each with the others of its line. */
export class RequestSamples {
  /** In the order in which they came. */
  readonly lines: Line[] = []
  #request = 0
  readonly #superseded = new Set<number>()
  readonly #one: Sample[] = []

  begin(): void {
    this.end()
    this.#request++
    this.#superseded.clear()
  }

  /** Lets go of the samples: a line lives on, for as long as its series comes, and is not to keep those of its last request. */
  end(): void {
    for (const line of this.lines) {
      line.sample = noSample
      line.more = undefined
      line.exemplars = undefined
    }
    this.lines.length = 0
  }

  /** `point` is the index of its point in the batch. */
  add(line: Line, sample: Sample, point: number): void {
    if (line.request === this.#request) {
      line.more ??= []
      line.more.push({ sample, point })
      return
    }
    line.request = this.#request
    line.sample = sample
    line.point = point
    this.lines.push(line)
  }

  /** Of a line that has a sample in this request. */
  addExemplar(line: Line, exemplar: WireExemplar): void {
    line.exemplars ??= []
    line.exemplars.push(exemplar)
  }

  /**
   * The samples of a line in the order of their times, good until the next call; its exemplars are then in that order too. Of each
   * millisecond there is one sample, since Prometheus has no more: the last. What came before it is the same, or its point is among
   * the `superseded`.
   */
  settled({ sample, point, more, exemplars }: Line): readonly Sample[] {
    exemplars?.sort((a, b) => a.timeMs - b.timeMs)
    if (!more) {
      this.#one[0] = sample
      return this.#one
    }
    const all = [{ sample, point }, ...more].sort((a, b) => a.sample.timeMs - b.sample.timeMs)
    return all.flatMap(({ sample, point }, index) => {
      const next = all[index + 1]
      if (!next || Math.floor(next.sample.timeMs) !== Math.floor(sample.timeMs)) return [sample]
      if (!isDeepStrictEqual(next.sample.value, sample.value) || next.sample.stale !== sample.stale) this.#superseded.add(point)
      return []
    })
  }

  /** The points that are not in the request because of others of the same millisecond. Complete once every line is settled. */
  superseded(): readonly Rejection[] {
    return [...this.#superseded].map((index) => ({ index, error: sameMillisecond }))
  }
}

const sameMillisecond = new Error('Prometheus has one value for each millisecond of a series, and another point has this one')
