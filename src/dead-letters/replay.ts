import type { Batch } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import type { Context } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { type ExportResult, errorOf } from '../core/result.ts'
import { attempt } from '../delivery/attempt.ts'
import type { DeadLetterStore } from './dead-letter-store.ts'
import { type Letter, together } from './letter.ts'
import type { LetterFilter } from './letter-filter.ts'

export interface ReplayOptions {
  readonly filter?: LetterFilter
  /** Takes the letters of that exporter; undefined when there is none, which leaves them waiting. */
  exporterOf(name: string): EventExporter<Batch> | undefined
  /** At most so many records a second. Default: as fast as they are taken. */
  readonly recordsPerSecond?: number | undefined
  /** At most so many records at once. Default: 500. */
  readonly batchSize?: number
  /** Told after every batch. */
  onProgress?(progress: Replayed): void
}

/** How far a replay is, in records. */
export interface Replayed {
  /** Taken, and noted as such: they no longer wait. */
  readonly replayed: number
  /** Not taken: they wait as before. */
  readonly failed: number
  /** Why the last of these was not taken. */
  readonly error?: string
}

/** How often a batch is offered that may be taken later, and how long between where the exporter does not say. */
const mostTries = 5
const pauseMs = 1000

/**
 * Hands letters that wait to the exporters again, oldest first. A letter no longer waits once its exporter has taken it over and that is
 * noted on the device: a process that ends in between leaves letters that are delivered again. When an exporter keeps answering `retry`,
 * or the signal aborts, the rest is left waiting. What comes back as a dead letter meanwhile is a new one, and not replayed in the same run.
 */
export async function replay(store: DeadLetterStore, options: ReplayOptions, context: Context): Promise<Replayed> {
  const { filter, exporterOf, recordsPerSecond, batchSize = 500, onProgress } = options
  let done: Replayed = { replayed: 0, failed: 0 }
  for await (const letters of batchesOf(store.list(filter), Math.min(batchSize, recordsPerSecond ?? batchSize))) {
    if (context.signal.aborted) break
    const startMs = context.clock.monotonic()
    const name = letters[0]!.exporter
    const exporter = exporterOf(name)
    const offered = exporter ? await offer(exporter, letters, context) : { taken: [], error: `there is no exporter ${name}` }
    if (exporter && offered.taken.length > 0) await store.settle(offered.taken, 'replayed', context, exporter.name)
    const { error = done.error } = offered
    const failed = done.failed + letters.length - offered.taken.length
    done = { replayed: done.replayed + offered.taken.length, failed, ...(error !== undefined && { error }) }
    onProgress?.(done)
    if (offered.gaveUp) break
    if (recordsPerSecond === undefined) continue
    await context.clock.sleep((letters.length / recordsPerSecond) * 1000 - (context.clock.monotonic() - startMs), context.signal)
  }
  return done
}

interface Offered {
  readonly taken: readonly Letter[]
  readonly error?: string | undefined
  /** It may be taken later, and was not for long enough. */
  readonly gaveUp?: boolean
}

async function offer(exporter: EventExporter<Batch>, letters: readonly Letter[], context: Context): Promise<Offered> {
  const batch = batchRecords.concat!(letters.map((letter) => letter.batch))
  const time = new Date(letters[0]!.timeMs)
  for (let tries = 1; ; tries++) {
    const result = await attempt(exporter, time, batch, context)
    if (result.status !== 'retry') return { taken: takenOf(letters, result), error: errorOf(result)?.message }
    if (tries >= mostTries || context.signal.aborted) return { taken: [], error: result.error.message, gaveUp: true }
    await context.clock.sleep(result.afterMs ?? pauseMs, context.signal)
  }
}

/** Where it was not told which were refused, none counts as taken. */
function takenOf(letters: readonly Letter[], result: ExportResult): readonly Letter[] {
  if (result.status === 'ok') return letters
  if (result.status !== 'partial' || result.rejected.some((rejection) => 'count' in rejection)) return []
  const left = new Set([...result.retry, ...result.rejected.map((rejection) => ('index' in rejection ? rejection.index : -1))])
  return letters.filter((_, index) => !left.has(index))
}

async function* batchesOf(letters: AsyncIterable<Letter>, size: number): AsyncGenerator<readonly Letter[]> {
  let batch: Letter[] = []
  for await (const letter of letters) {
    const [first] = batch
    if (first && (batch.length >= size || !together(first, letter))) {
      yield batch
      batch = []
    }
    batch.push(letter)
  }
  if (batch.length > 0) yield batch
}
