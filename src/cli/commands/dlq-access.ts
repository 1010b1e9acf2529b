import type { FilterText } from '../../dead-letters/letter-filter.ts'
import type { Replayed } from '../../dead-letters/replay.ts'
import type { LetterFigures } from '../../dead-letters/tally.ts'

/** A dead letter as it is shown: a line of JSON. */
export interface ShownLetter {
  readonly id: string
  readonly exporter: string
  readonly reason: string
  readonly error: string
  readonly attempts: number
  readonly first: string
  readonly last: string
  readonly signal: string
  readonly record: unknown
}

export interface ReplayRequest {
  /** To this exporter, in place of each letter's own. */
  readonly target?: string | undefined
  readonly recordsPerSecond?: number | undefined
  readonly signal: AbortSignal
  onProgress(progress: Progress): void
}

export type Progress = Replayed & { readonly matched: number }

/** What the commands do with dead letters, whether the agent that has them runs or not. */
export interface DeadLetterAccess {
  /** Oldest first, at most so many. */
  list(filter: FilterText, limit?: number): AsyncIterable<ShownLetter>
  count(filter: FilterText): Promise<number>
  /** Undefined when none waits under that id. */
  find(id: string): Promise<ShownLetter | undefined>
  figures(): Promise<readonly LetterFigures[]>
  purge(filter: FilterText): Promise<number>
  replay(filter: FilterText, request: ReplayRequest): Promise<Progress>
  close(): Promise<void>
}
