import type { Holder } from '../core/account.ts'
import { degraded, type HealthStatus, unhealthy } from '../core/component.ts'
import { type Context, createContext } from '../core/context.ts'
import { formatDuration, parseDuration } from '../core/duration.ts'
import type { Exporter } from '../core/exporter.ts'
import { lastingAbortController } from '../core/lasting-abort-controller.ts'
import { orAborted } from '../core/or-aborted.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, errorOf, fromThrown, ok, retry, toError } from '../core/result.ts'
import { exponential, type Schedule } from '../core/schedule.ts'
import { parseSize } from '../core/size.ts'
import { aborted } from './aborted.ts'
import type { BufferedOptions, BufferStats } from './buffered-options.ts'
import { Deliverer } from './deliverer.ts'
import { DrainRate } from './drain-rate.ts'
import { FlushTiming } from './flush-timing.ts'
import { Flushes } from './flushes.ts'
import { HoldingExporter } from './holding.ts'
import { pause } from './pause.ts'
import type { Amount, Queue, Waiting } from './queue.ts'
import { queueFor } from './queue-for.ts'

export type { BufferedOptions, BufferStats, DiskBufferOptions, MemoryBufferOptions } from './buffered-options.ts'

/** How long an export under way may take to notice that it was aborted, before its data is taken for undelivered. */
const graceMs = 1000

/**
 * Answers `ok` once the data is in its queue, in memory or on disk, and delivers it in the background, in order, one export at
 * a time or as many as `concurrency` allows. What gets `retry` stays and is tried again, at `pace` and never sooner than the destination asked; what is rejected
 * goes to the dead letters and stays queued until it is there. When the queue is full the newest is refused: nothing is
 * dropped unless `overflow` says so.
 */
export class BufferedExporter<Time, T> extends HoldingExporter<Time, T> implements Holder {
  readonly #options: BufferedOptions<Time, T>
  readonly #queue: Queue<Time, T>
  readonly #records: RecordType<T>
  readonly #maxRecords: number
  readonly #maxBytes: number
  readonly #maxAgeMs: number
  readonly #pace: Schedule
  readonly #timing: FlushTiming
  readonly #deliverer: Deliverer<Time, T>
  readonly #drainRate: DrainRate
  readonly #abort = lastingAbortController()
  readonly #hurry = lastingAbortController()
  #context: Context = createContext()
  #draining: Promise<void> | undefined
  #flushNow = new AbortController()
  readonly #flushes = new Flushes()
  #failures = 0
  #lastFailure: ExportResult | undefined
  #dropped = 0
  /** Why the queue could not take what there was room for. */
  #refusal: Error | undefined
  #closed = false
  readonly #endHold: (() => void) | undefined

  /** Throws WaybillError `INVALID_OPTION` where data is to be written as bytes that cannot be. */
  constructor(base: Exporter<Time, T>, options: BufferedOptions<Time, T> = {}) {
    super(base)
    const onDisk = options.type === 'disk'
    const { account, deadLetter, concurrency = 1 } = options
    this.#options = options
    this.#records = options.records ?? (single as RecordType<T>)
    this.#maxRecords = options.maxRecords ?? (onDisk ? Number.POSITIVE_INFINITY : 1_000_000)
    this.#maxBytes = parseSize(options.maxBytes ?? (onDisk ? '1GiB' : '64MiB'))
    this.#maxAgeMs = options.maxAge === undefined ? Number.POSITIVE_INFINITY : parseDuration(options.maxAge)
    this.#queue = queueFor(options, { records: this.#records, maxRecords: this.#maxRecords, maxBytes: this.#maxBytes })
    this.#pace = options.pace ?? exponential(1000, 30_000)
    this.#timing = new FlushTiming(options)
    this.#deliverer = new Deliverer({ next: base, queue: this.#queue, records: this.#records, deadLetter, account, concurrency })
    this.#drainRate = new DrainRate(options.maxDrainRate)
    this.#endHold = onDisk ? undefined : account?.hold(this)
  }

  /** Makes the queue ready, and goes on with what an earlier process left in it. Rejects when the queue cannot be opened. */
  override async start(context: Context): Promise<void> {
    this.#context = context
    try {
      await this.#queue.open(context)
    } catch (error) {
      this.#refusal = toError(error)
      throw error
    }
    this.#refusal = undefined
    if (this.#queue.records > 0) this.#drainRate.fellBehind()
    this.#keepDraining()
    await super.start(context)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const records = this.#records.count(data)
    if (records === 0) return ok
    const amount = { records, bytes: this.#records.bytes(data) }
    const refusal = this.#closed ? `${this.name} is stopping` : this.#makeRoom(amount)
    const put = refusal ? retry(new Error(refusal), { scope: 'destination' }) : this.#queue.put(time, data, amount, context)
    const result = put instanceof Promise ? await put : put
    this.#refusal = refusal ? this.#refusal : errorOf(result)
    if (result.status !== 'ok') {
      this.#options.account?.post({ refused: records })
      this.#flushNow.abort()
      return result
    }
    this.#context = context
    this.#keepDraining()
    if (this.#fullness() >= 1) this.#flushNow.abort()
    return ok
  }

  pending(): number {
    return this.#queue.records
  }

  oldestMs(): number | undefined {
    return this.#queue.oldestMs
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
    if (this.#queue.records > 0) {
      this.#flushNow.abort()
      await orAborted(this.#flushes.until(this.#queue.accepted), context.signal)
    }
    await super.flush(context)
  }

  /**
   * Takes nothing more and delivers what is queued until the signal aborts or the destination is found to be unavailable. The
   * rest stays on disk or, in memory, goes to the dead letters; what they do not take either stays pending in the account.
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
    await (this.#queue.durable ? this.#leaveBehind(context) : this.#giveUpAll(context))
    this.#flushes.reached(Number.POSITIVE_INFINITY)
    await super.stop(context)
  }

  override health(): HealthStatus {
    const below = super.health()
    if (below.state === 'unhealthy') return below
    if (this.#refusal) return unhealthy(this.#refusal.message)
    const error = this.#lastFailure && errorOf(this.#lastFailure)
    if (!error) return below
    const destination = this.#lastFailure?.status === 'retry' && this.#lastFailure.scope === 'destination'
    return destination || this.#failures >= 3 ? unhealthy(error.message) : degraded(error.message)
  }

  /** Why there is no room, after what the policy allows to make some. An empty queue takes any batch. */
  #makeRoom(amount: Amount): string | undefined {
    for (;;) {
      const lack =
        this.#queue.records + amount.records > this.#maxRecords ? `${this.#queue.records} records wait` : this.#queue.lack(amount)
      if (this.#queue.records === 0 || !lack) return undefined
      const dropped = this.#options.overflow === 'drop_oldest' ? this.#queue.dropOldest() : 0
      if (dropped === 0) return `the buffer of ${this.name} is full: ${lack}`
      this.#dropped += dropped
      this.#flushes.reached(this.#queue.done)
    }
  }

  /** 1 when there is enough for an export. */
  #fullness(): number {
    const enough = Math.min(this.#options.batchSize ?? this.#maxRecords, this.#maxRecords)
    return Math.max(this.#queue.records / enough, this.#queue.bytes / this.#maxBytes)
  }

  /** Not at once: the destination may hand over data to this buffer before it first waits. */
  #keepDraining(): void {
    this.#draining ??= Promise.resolve().then(() => this.#drain())
  }

  /** Runs while there is something to deliver; ends early when it is stopped and the destination is unavailable. */
  async #drain(): Promise<void> {
    while (this.#queue.records > 0 && !this.#abort.signal.aborted) {
      if (this.#timing.intervalMs > 0) await this.#context.clock.sleep(this.#timing.intervalMs, this.#flushNow.signal)
      if (!this.#closed) this.#flushNow = new AbortController()
      this.#timing.flushed(this.#fullness())
      if (!(await this.#deliverUpTo(this.#queue.accepted))) break
    }
    this.#draining = undefined
  }

  /** Delivers the records that were accepted first, so many; false when there is no sense in going on. */
  async #deliverUpTo(accepted: number): Promise<boolean> {
    while (this.#queue.done < accepted && this.#queue.records > 0) {
      if (this.#drainRate.holds && !this.#closed) await this.#pause(this.#drainRate.waitMs(this.#context.clock.monotonic()))
      if (this.#abort.signal.aborted) return false
      const result = await this.#deliverNext()
      this.#flushes.reached(this.#queue.done)
      if (this.#queue.records === 0) this.#drainRate.caughtUp()
      if (this.#abort.signal.aborted) return false
      if (result.status === 'ok') {
        this.#failures = 0
        this.#lastFailure = undefined
      } else if (!(await this.#wait(result))) return false
    }
    return true
  }

  /** One try for the oldest: `ok` when it is settled, or why it is not. */
  async #deliverNext(): Promise<ExportResult> {
    try {
      const next = this.#queue.next()
      const entry = next instanceof Promise ? await next : next
      if (!entry || this.#abort.signal.aborted) return this.#queue.records === 0 ? ok : stillThere
      const context = { ...this.#context, signal: this.#abort.signal, hurry: this.#hurry.signal }
      const { records } = entry
      if (this.#deliverer.limit > 1 && !this.#drainRate.holds) await this.#beginMore(context)
      const expired = this.#isExpired(entry) && !this.#deliverer.hasBegun(entry)
      const result = await (expired ? this.#expire(entry, context) : this.#deliverer.deliver(entry, context))
      this.#drainRate.took(records - entry.records, context.clock.monotonic())
      return entry.records === 0 ? ok : result.status === 'ok' ? stillThere : result
    } catch (thrown) {
      return fromThrown(thrown)
    }
  }

  /** Begins as many as the destination bears, the oldest first. */
  async #beginMore(context: Context): Promise<void> {
    for (let behind = 0; behind < this.#deliverer.limit; behind++) {
      const next = this.#queue.next(behind)
      const entry = next instanceof Promise ? await next : next
      if (!entry || this.#isExpired(entry) || this.#abort.signal.aborted) return
      this.#deliverer.begin(entry, context)
    }
  }

  #isExpired({ firstAcceptedMs }: Waiting<Time, T>): boolean {
    return this.#context.clock.now() - firstAcceptedMs > this.#maxAgeMs
  }

  #expire(entry: Waiting<Time, T>, context: Context): Promise<ExportResult> {
    const error = new Error(`it waited for more than ${formatDuration(this.#maxAgeMs)}`, {
      cause: this.#lastFailure && errorOf(this.#lastFailure),
    })
    return this.#deliverer.giveUp(entry, { reason: 'expired', error }, context)
  }

  /** Waits after a failure; false when it is stopped and the destination is unavailable. */
  async #wait(failure: ExportResult): Promise<boolean> {
    this.#failures++
    this.#drainRate.fellBehind()
    this.#lastFailure = failure
    if (this.#closed && failure.status === 'retry' && failure.scope === 'destination') return false
    const askedMs = failure.status === 'retry' ? (failure.afterMs ?? 0) : 0
    const waitMs = Math.max(askedMs, this.#pace(this.#failures, this.#context.random) ?? 0)
    await this.#pause(waitMs)
    return !this.#abort.signal.aborted
  }

  /** A stop that begins ends it; one that has begun does not. */
  #pause(ms: number): Promise<void> {
    return pause(ms, { ...this.#context, signal: this.#abort.signal, ...(!this.#closed && { hurry: this.#hurry.signal }) })
  }

  async #leaveBehind(context: Context): Promise<void> {
    const { records } = this.#queue
    if (records > 0) context.log.info('stopped with records that stay on disk for the next start', { exporter: this.name, records })
    await this.#queue.close(context)
  }

  async #giveUpAll(context: Context): Promise<void> {
    const { deadLetter } = this.#options
    const left = () => ({ exporter: this.name, records: this.#queue.records })
    const error = (this.#lastFailure && errorOf(this.#lastFailure)) ?? new Error('stopped before it was delivered')
    if (this.#queue.records > 0 && deadLetter)
      context.log.warn('stopped before everything was delivered: records go to the dead letters', { ...left(), error })
    for (let entry = await this.#queue.next(); entry && deadLetter; entry = await this.#queue.next())
      if ((await this.#deliverer.giveUp(entry, { reason: 'stopped', error }, context)).status !== 'ok') break
    if (this.#queue.records > 0) context.log.error('stopped with records that neither the destination nor the dead letters took', left())
    else this.#endHold?.()
  }
}

/** Stands for the result of a try after which something is left all the same. */
const stillThere = retry(new Error('not all of it is settled'))
