import { randomUUID } from 'node:crypto'
import type { Account, Holder } from '../core/account.ts'
import { degraded, type HealthStatus, unhealthy } from '../core/component.ts'
import { type Context, createContext } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { orAborted } from '../core/or-aborted.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, errorOf, ok, retry } from '../core/result.ts'
import { exponential, type Schedule } from '../core/schedule.ts'
import { formatSize, parseSize, type Size } from '../core/size.ts'
import { aborted } from './aborted.ts'
import { Deliverer } from './deliverer.ts'
import { FlushTiming, type FlushTimingOptions } from './flush-timing.ts'
import { HoldingExporter } from './holding.ts'
import type { MemoryBudget } from './memory-budget.ts'
import { MemoryQueue, type Waiting } from './memory-queue.ts'
import { Packing } from './packing.ts'
import { pause } from './pause.ts'

export interface BufferedOptions<Time, T> extends FlushTimingOptions {
  readonly type?: 'memory'
  /** At this many records it is full. Default 1,000,000. */
  readonly maxRecords?: number
  /** At about this much memory it is full. Default 64 MiB. */
  readonly maxBytes?: Size
  /** A bound that it shares with other buffers. */
  readonly budget?: MemoryBudget
  /** When it is full: refuse the newest (the default), or drop the oldest, which the account counts as `overflow`. */
  readonly overflow?: 'refuse' | 'drop_oldest'
  /** Puts what waits together up to this many records an export, and delivers before `flushInterval` is over when they are there. */
  readonly batchSize?: number
  /** Compress what waits for longer: what comes while more than `compressionThreshold` records wait. Default false. */
  readonly compressBuffer?: boolean
  /** Default 100. */
  readonly compressionThreshold?: number
  /** Deliver what is left when it is stopped (the default), or write it to the dead letters at once. */
  readonly flushOnShutdown?: boolean
  /** How long to wait after the nth failure in a row. Default: full jitter, doubling from 1 s to 30 s. */
  readonly pace?: Schedule
  readonly records?: RecordType<T>
  /** Takes what the destination never will, and what a stop leaves over. Started and stopped by whoever made it. */
  readonly deadLetter?: Exporter<Time, T>
  /** Kept by the buffer, since it knows when records are accepted and when they are settled. */
  readonly account?: Account
}

export interface BufferStats {
  readonly records: number
  readonly bytes: number
  /** Of the bound that is nearer, 0 to 100. */
  readonly usagePercent: number
  /** Mean time of an export; 0 before the first. */
  readonly avgFlushTimeMs: number
  readonly droppedCount: number
  /** How long data waits for more now. */
  readonly flushIntervalMs: number
}

/** How long an export under way may take to notice that it was aborted, before its data is taken for undelivered. */
const graceMs = 1000

/**
 * Answers `ok` once the data is in its queue and delivers it in the background, in order, one export at a time. What gets
 * `retry` stays and is tried again, at `pace` and never sooner than the destination asked; what is rejected goes to the
 * dead letters and stays queued until it is there. When the queue is full the newest is refused: nothing is dropped unless
 * `overflow` says so.
 */
export class BufferedExporter<Time, T> extends HoldingExporter<Time, T> implements Holder {
  readonly #options: BufferedOptions<Time, T>
  readonly #queue: MemoryQueue<Time, T>
  readonly #records: RecordType<T>
  readonly #maxRecords: number
  readonly #maxBytes: number
  readonly #pace: Schedule
  readonly #timing: FlushTiming
  readonly #deliverer: Deliverer<Time, T>
  readonly #abort = new AbortController()
  readonly #hurry = new AbortController()
  #context: Context = createContext()
  #draining: Promise<void> | undefined
  #flushNow = new AbortController()
  /** Who waits for an entry to be settled. */
  readonly #flushes = new Map<Waiting<Time, T>, readonly (() => void)[]>()
  #failures = 0
  #lastFailure: ExportResult | undefined
  #dropped = 0
  #closed = false
  readonly #endHold: (() => void) | undefined

  constructor(base: Exporter<Time, T>, options: BufferedOptions<Time, T> = {}) {
    super(base)
    this.#options = options
    this.#records = options.records ?? (single as RecordType<T>)
    this.#queue = new MemoryQueue(options.budget, options.compressBuffer ? new Packing(this.#records) : undefined)
    this.#maxRecords = options.maxRecords ?? 1_000_000
    this.#maxBytes = parseSize(options.maxBytes ?? '64MiB')
    this.#pace = options.pace ?? exponential(1000, 30_000)
    this.#timing = new FlushTiming(options)
    const { account, deadLetter } = options
    this.#deliverer = new Deliverer({ next: base, queue: this.#queue, records: this.#records, deadLetter, account })
    this.#endHold = account?.hold(this)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const records = this.#records.count(data)
    if (records === 0) return ok
    const bytes = this.#records.bytes(data)
    const refusal = this.#closed ? `${this.name} is stopping` : this.#makeRoom(records, bytes)
    if (refusal) {
      this.#options.account?.post({ refused: records })
      this.#flushNow.abort()
      return retry(new Error(refusal), { scope: 'destination' })
    }
    this.#context = context
    const last = this.#queue.last()
    if (last && this.#fitsTo(last, time, data, records)) this.#queue.extend(last, data, { records, bytes })
    else
      this.#queue.push({
        id: randomUUID(),
        time,
        parts: [data],
        records,
        bytes,
        attempts: 0,
        letters: [],
        firstAcceptedMs: context.clock.now(),
      })
    if (this.#queue.records > (this.#options.compressionThreshold ?? 100)) this.#queue.pack()
    this.#options.account?.post({ accepted: records })
    // Not at once: the destination may hand over data to this buffer before it first waits.
    this.#draining ??= Promise.resolve().then(() => this.#drain())
    if (this.#fullness() >= 1) this.#flushNow.abort()
    return ok
  }

  pending(): number {
    return this.#queue.records
  }

  oldestMs(): number | undefined {
    return this.#queue.peek()?.firstAcceptedMs
  }

  bufferStats(): BufferStats {
    const { records, bytes } = this.#queue
    return {
      records,
      bytes,
      usagePercent: 100 * Math.min(1, Math.max(records / this.#maxRecords, bytes / this.#maxBytes)),
      avgFlushTimeMs: this.#deliverer.meanMs,
      droppedCount: this.#dropped,
      flushIntervalMs: this.#timing.intervalMs,
    }
  }

  /** Resolves when everything accepted so far is settled, or the signal aborts. */
  override async flush(context: Context): Promise<void> {
    const last = this.#queue.last()
    if (last) {
      this.#flushNow.abort()
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#flushes.set(last, [...(this.#flushes.get(last) ?? []), resolve])
      await orAborted(promise, context.signal)
    }
    await super.flush(context)
  }

  /**
   * Takes nothing more, delivers what is queued until the signal aborts or the destination is found to be unavailable, and
   * writes the rest to the dead letters. What they do not take either stays pending in the account.
   */
  override async stop(context: Context): Promise<void> {
    this.#closed = true
    this.#hurry.abort()
    if (this.#options.flushOnShutdown !== false) {
      this.#flushNow.abort()
      await Promise.race([this.#draining, aborted(context.signal)])
    }
    this.#abort.abort()
    this.#flushNow.abort()
    const settled = new AbortController()
    await Promise.race([this.#draining, context.clock.sleep(graceMs, settled.signal)])
    settled.abort()
    const error = (this.#lastFailure && errorOf(this.#lastFailure)) ?? new Error('stopped before it was delivered')
    if (this.#queue.records > 0 && this.#options.deadLetter)
      context.log.warn('stopped before everything was delivered: records go to the dead letters', {
        exporter: this.name,
        records: this.#queue.records,
        error,
      })
    for (let entry = this.#queue.peek(); entry && (await this.#deliverer.giveUp(entry, error, context)); entry = this.#queue.peek());
    this.#endFlushes(() => true)
    if (this.#queue.records > 0) {
      context.log.error('stopped with records that neither the destination nor the dead letters took', {
        exporter: this.name,
        records: this.#queue.records,
      })
    } else this.#endHold?.()
    await super.stop(context)
  }

  override health(): HealthStatus {
    const below = super.health()
    if (below.state === 'unhealthy') return below
    const error = this.#lastFailure && errorOf(this.#lastFailure)
    if (!error) return below
    const destination = this.#lastFailure?.status === 'retry' && this.#lastFailure.scope === 'destination'
    return destination || this.#failures >= 3 ? unhealthy(error.message) : degraded(error.message)
  }

  /** Why there is no room, after what the policy allows to make some. An empty queue takes any batch. */
  #makeRoom(records: number, bytes: number): string | undefined {
    for (;;) {
      const lack = this.#lack(records, bytes)
      if (this.#queue.records === 0 || !lack) return undefined
      const dropped = this.#options.overflow === 'drop_oldest' ? this.#queue.dropOldest() : undefined
      if (!dropped) return `the buffer of ${this.name} is full: ${lack}`
      this.#dropped += dropped.records
      this.#endFlushes((waiting) => waiting === dropped)
      this.#options.account?.post({ dropped: new Map([['overflow', dropped.records]]) })
    }
  }

  /** Which bound so much more would cross. */
  #lack(records: number, bytes: number): string | undefined {
    const { budget } = this.#options
    if (this.#queue.records + records > this.#maxRecords) return `${this.#queue.records} records wait`
    if (this.#queue.bytes + bytes > this.#maxBytes) return `${formatSize(this.#queue.bytes)} wait`
    if (budget && !budget.fits(bytes)) return `all buffers together hold ${formatSize(budget.taken)}`
    return undefined
  }

  /** Whether `data` may travel with what came last. */
  #fitsTo(last: Waiting<Time, T>, time: Time, data: T, records: number): boolean {
    const { batchSize } = this.#options
    const { compatible, concat } = this.#records
    if (!batchSize || !compatible || !concat || last.attempts > 0 || last.parts.length === 0 || last.records + records > batchSize)
      return false
    return (last.time === time || (last.time instanceof Date && time instanceof Date)) && compatible(last.parts[0]!, data)
  }

  /** 1 when there is enough for an export. */
  #fullness(): number {
    const enough = Math.min(this.#options.batchSize ?? this.#maxRecords, this.#maxRecords)
    return Math.max(this.#queue.records / enough, this.#queue.bytes / this.#maxBytes)
  }

  /** Runs while there is something to deliver; ends early when it is stopped and the destination is unavailable. */
  async #drain(): Promise<void> {
    while (this.#queue.records > 0 && !this.#abort.signal.aborted) {
      if (this.#timing.intervalMs > 0) await this.#context.clock.sleep(this.#timing.intervalMs, this.#flushNow.signal)
      if (this.#abort.signal.aborted) break
      if (!this.#closed) this.#flushNow = new AbortController()
      this.#timing.flushed(this.#fullness())
      if (!(await this.#deliverUpTo(this.#queue.last()))) break
    }
    this.#draining = undefined
  }

  /** Delivers what is queued, `last` included; false when there is no sense in going on. */
  async #deliverUpTo(last: Waiting<Time, T> | undefined): Promise<boolean> {
    for (let entry = this.#queue.peek(); entry; entry = this.#queue.peek()) {
      const result = await this.#deliverer.deliver(entry, { ...this.#context, signal: this.#abort.signal, hurry: this.#hurry.signal })
      this.#endFlushes((waiting) => waiting.records === 0)
      if (this.#abort.signal.aborted) return false
      if (entry.records > 0) {
        if (!(await this.#wait(result))) return false
        continue
      }
      this.#failures = 0
      this.#lastFailure = undefined
      if (entry === last) break
    }
    return true
  }

  #endFlushes(over: (entry: Waiting<Time, T>) => boolean): void {
    for (const [entry, resolves] of this.#flushes) {
      if (!over(entry)) continue
      this.#flushes.delete(entry)
      for (const resolve of resolves) resolve()
    }
  }

  /** Waits after a failure; false when it is stopped and the destination is unavailable. */
  async #wait(failure: ExportResult): Promise<boolean> {
    this.#failures++
    this.#lastFailure = failure
    if (this.#closed && failure.status === 'retry' && failure.scope === 'destination') return false
    const askedMs = failure.status === 'retry' ? (failure.afterMs ?? 0) : 0
    const waitMs = Math.max(askedMs, this.#pace(this.#failures, this.#context.random) ?? 0)
    await pause(waitMs, { ...this.#context, signal: this.#abort.signal, ...(!this.#closed && { hurry: this.#hurry.signal }) })
    return !this.#abort.signal.aborted
  }
}
