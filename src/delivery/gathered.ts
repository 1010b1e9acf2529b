import { type ExportResult, ok, partial, type Rejection } from '../core/result.ts'

type Retry = Extract<ExportResult, { status: 'retry' }>

/** The results of pieces of some data, put together as one. */
export class Gathered {
  readonly #rejected: Rejection[] = []
  readonly #again: number[] = []
  #retry: Retry | undefined

  /** How long a destination has asked to be left alone; 0 when none has. */
  get afterMs(): number {
    return this.#retry?.afterMs ?? 0
  }

  /** Whether something is to be tried again. */
  get leavesSome(): boolean {
    return this.#again.length > 0
  }

  /** Takes the result of the records at these indexes. Nothing is `too-large` that comes from an exporter that splits. */
  add(indexes: readonly number[], result: ExportResult): void {
    if (result.status === 'ok') return
    if (result.status === 'retry') {
      this.leave(indexes)
      this.#retry = (result.afterMs ?? 0) > this.afterMs ? result : (this.#retry ?? result)
    } else if (result.status === 'partial') {
      this.#rejected.push(...result.rejected.map((it) => ('index' in it ? { ...it, index: indexes[it.index]! } : it)))
      this.leave(result.retry.map((index) => indexes[index]!))
    } else this.#rejected.push(...indexes.map((index) => ({ index, error: result.error })))
  }

  /** Notes records that were not sent, and are to be. */
  leave(indexes: readonly number[]): void {
    for (const index of indexes) this.#again.push(index)
  }

  /** Of all `count` records. */
  result(count: number): ExportResult {
    if (this.#retry && this.#again.length === count) return this.#retry
    const again = this.#again.toSorted((a, b) => a - b)
    return this.#rejected.length + again.length === 0 ? ok : partial(this.#rejected, again)
  }
}
