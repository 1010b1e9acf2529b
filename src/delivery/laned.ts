import type { Batch } from '../core/batch.ts'
import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import type { RecordType } from '../core/record-type.ts'
import type { ExportResult } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { Concurrency } from './concurrency.ts'
import { Gathered } from './gathered.ts'
import { allOf } from './given-back.ts'
import { HoldingExporter } from './holding.ts'
import { partOf } from './part-of.ts'
import { pause } from './pause.ts'
import { wholeNumber } from './whole-number.ts'

export interface LanedOptions<T> {
  /** At most so many exports run at once, as many as the destination bears. */
  readonly concurrency: number
  /** At most so many records go in one export. */
  readonly batchSize: number
  readonly records: RecordType<T>
  /** What each record is of: records of the same arrive in their order. Undefined: all must. */
  readonly seriesOf: (data: T) => readonly string[] | undefined
}

/** Indexes of records that go one after another, in pieces. */
type Lane = readonly (readonly number[])[]

/**
 * Sends parts of the data at once and keeps the records of each series in order: they are in one lane, whose pieces go one after another, up to
 * the first of which something is to be tried again. It answers when all lanes have ended, so whoever holds it can go on in order. Give it
 * up to `concurrency` times `batchSize` records, and an exporter that splits what is too large.
 */
export class LanedExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #options: LanedOptions<T>
  readonly #concurrency: Concurrency
  /** On the monotonic clock: the destination asked to be left alone until then. */
  #restUntilMs = 0

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor(next: Exporter<Time, T>, options: LanedOptions<T>) {
    super(next)
    wholeNumber('batchSize', options.batchSize, 1)
    this.#options = options
    this.#concurrency = new Concurrency(wholeNumber('concurrency', options.concurrency, 1))
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const { clock } = context
    const restMs = this.#restUntilMs - clock.monotonic()
    if (restMs > 0) await pause(restMs, context)
    const count = this.#options.records.count(data)
    const gathered = new Gathered()
    const trip = { time, data, context, count, gathered }
    const lanes = this.#lanes(data, count)
    const running = new Set<Promise<void>>()
    do {
      if (gathered.leavesSome) for (const lane of lanes.splice(0)) gathered.leave(lane.flat())
      for (const lane of lanes.splice(0, this.#concurrency.limit - running.size)) {
        const run: Promise<void> = this.#run(lane, trip).finally(() => running.delete(run))
        running.add(run)
      }
      if (running.size > 0) await Promise.race(running)
    } while (lanes.length + running.size > 0)
    this.#restUntilMs = clock.monotonic() + gathered.afterMs
    return gathered.result(count)
  }

  async #run(lane: Lane, trip: Trip<Time, T>): Promise<void> {
    const { gathered } = trip
    for (const [at, piece] of lane.entries()) {
      const result = await this.#send(piece, trip)
      gathered.add(piece, result)
      if (result.status === 'retry' || (result.status === 'partial' && result.retry.length > 0))
        return gathered.leave(lane.slice(at + 1).flat())
    }
  }

  async #send(piece: readonly number[], { time, data, context, count }: Trip<Time, T>): Promise<ExportResult> {
    const startMs = context.clock.monotonic()
    const result = await (piece.length === count
      ? attempt(this.next, time, data, context)
      : attempt(this.next, time, this.#options.records.slice(data, piece), partOf(context, `${piece[0]}-${piece.length}of${count}`)))
    const endMs = context.clock.monotonic()
    this.#concurrency.ended(result.status === 'retry' ? 'failed' : 'taken', { startMs, endMs })
    return result
  }

  /** The same for the same data. A series that has no lane yet takes the one with the fewest records. */
  #lanes(data: T, count: number): Lane[] {
    const { concurrency, batchSize, seriesOf, records } = this.#options
    const lanes = Array.from({ length: Math.min(concurrency, Math.ceil(count / batchSize)) }, (): number[] => [])
    const series = lanes.length > 1 ? seriesOf(data) : undefined
    if (!series) return [inPieces(allOf(data, records), batchSize)]
    const laneOf = new Map<string, number[]>()
    for (const [index, key] of series.entries()) {
      const lane = laneOf.get(key) ?? lanes.reduce((least, lane) => (lane.length < least.length ? lane : least))
      laneOf.set(key, lane)
      lane.push(index)
    }
    return lanes.filter((lane) => lane.length > 0).map((lane) => inPieces(lane, batchSize))
  }
}

/** One export of all. */
interface Trip<Time, T> {
  readonly time: Time
  readonly data: T
  readonly context: Context
  readonly count: number
  readonly gathered: Gathered
}

function inPieces(indexes: readonly number[], length: number): Lane {
  return Array.from({ length: Math.ceil(indexes.length / length) }, (_, at) => indexes.slice(at * length, (at + 1) * length))
}

/** Of points, their series; records of other signals are in order as they are. */
export function seriesOf(batch: Batch): readonly string[] | undefined {
  return batch.signal === 'metrics' ? batch.points.map(({ series }) => series.key) : undefined
}
