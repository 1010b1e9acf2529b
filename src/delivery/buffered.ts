import type { Holder } from '../core/account.ts'
import { degraded, type HealthStatus, unhealthy } from '../core/component.ts'
import { type Context, createContext } from '../core/context.ts'
import { formatDuration, parseDuration } from '../core/duration.ts'
import type { Exporter } from '../core/exporter.ts'
import { orAborted } from '../core/or-aborted.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, errorOf, fromThrown, ok, retry, toError } from '../core/result.ts'
import { exponential, type Schedule } from '../core/schedule.ts'
import { parseSize } from '../core/size.ts'
import { aborted } from './aborted.ts'
import type { BufferedOptions, BufferStats } from './buffered-options.ts'
import { Deliverer } from './deliverer.ts'
import { DiskQueue } from './disk/disk-queue.ts'
import { FlushTiming } from './flush-timing.ts'
import { HoldingExporter } from './holding.ts'
import { MemoryQueue } from './memory-queue.ts'
import { pause } from './pause.ts'
import type { Amount, Queue, Waiting } from './queue.ts'

export type { BufferedOptions, BufferStats, DiskBufferOptions, MemoryBufferOptions } from './buffered-options.ts'

/** How long an export under way may take to notice that it was aborted, before its data is taken for undelivered. */
const graceMs = 1000

/**
 * Answers `ok` once the data is in its queue, in memory or on disk, and delivers it in the background, in order, one export at
 * a time. What gets `retry` stays and is tried again, at `pace` and never sooner than the destination asked; what is rejected
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
  readonly #abort = new AbortController()
  readonly #hurry = new AbortController()
  #context: Context = createContext()
  #draining: Promise<void> | undefined
  #flushNow = new AbortController()
  /** Who waits until so many records are settled. */
  #flushes: readonly { readonly upTo: number; readonly resolve: () => void }[] = []
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
    this.#options = options
    this.#records = options.records ?? (single as RecordType<T>)
    this.#maxRecords = options.maxRecords ?? (onDisk ? Number.POSITIVE_INFINITY : 1_000_000)
    this.#maxBytes = parseSize(options.maxBytes ?? (onDisk ? '1GiB' : '64MiB'))
    this.#maxAgeMs = options.maxAge === undefined ? Number.POSITIVE_INFINITY : parseDuration(options.maxAge)
    this.#queue = this.#queueFor(options)
    this.#pace = options.pace ?? exponential(1000, 30_000)
    this.#timing = new FlushTiming(options)
    const { account, deadLetter } = options
    this.#deliverer = new Deliverer({ next: base, queue: this.#queue, records: this.#records, deadLetter, account })
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
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#flushes = [...this.#flushes, { upTo: this.#queue.accepted, resolve }]
      await orAborted(promise, context.signal)
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
    this.#endFlushes(Number.POSITIVE_INFINITY)
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

  #queueFor(options: BufferedOptions<Time, T>): Queue<Time, T> {
    const { batchSize, account } = options
    const [records, maxRecords, maxBytes] = [this.#records, this.#maxRecords, this.#maxBytes]
    if (options.type === 'disk') {
      const { directory: folder, durability = 'commit', files, segmentBytes } = options
      const given = { ...(files && { files }), ...(segmentBytes !== undefined && { segmentBytes: parseSize(segmentBytes) }) }
      return new DiskQueue({ folder, records, maxBytes, durability, batchSize, account, ...given })
    }
    const { budget, compressBuffer, compressionThreshold = 100 } = options
    const threshold = compressBuffer ? compressionThreshold : undefined
    return new MemoryQueue({ records, maxRecords, maxBytes, budget, batchSize, account, compressionThreshold: threshold })
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
      this.#endFlushes()
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
      if (this.#abort.signal.aborted) break
      if (!this.#closed) this.#flushNow = new AbortController()
      this.#timing.flushed(this.#fullness())
      if (!(await this.#deliverUpTo(this.#queue.accepted))) break
    }
    this.#draining = undefined
  }

  /** Delivers the records that were accepted first, so many; false when there is no sense in going on. */
  async #deliverUpTo(accepted: number): Promise<boolean> {
    while (this.#queue.done < accepted && this.#queue.records > 0) {
      const result = await this.#deliverNext()
      this.#endFlushes()
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
      const result = await (this.#isExpired(entry) ? this.#expire(entry, context) : this.#deliverer.deliver(entry, context))
      return entry.records === 0 ? ok : result.status === 'ok' ? stillThere : result
    } catch (thrown) {
      return fromThrown(thrown)
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

  #endFlushes(done = this.#queue.done): void {
    if (this.#flushes.length === 0) return
    for (const { upTo, resolve } of this.#flushes) if (upTo <= done) resolve()
    this.#flushes = this.#flushes.filter(({ upTo }) => upTo > done)
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

  async #leaveBehind(context: Context): Promise<void> {
    const { records } = this.#queue
    if (records > 0) context.log.info('stopped with records that stay on disk for the next start', { exporter: this.name, records })
    await this.#queue.close(context)
  }

  async #giveUpAll(context: Context): Promise<void> {
    const { deadLetter } = this.#options
    const error = (this.#lastFailure && errorOf(this.#lastFailure)) ?? new Error('stopped before it was delivered')
    const { records } = this.#queue
    if (records > 0 && deadLetter)
      context.log.warn('stopped before everything was delivered: records go to the dead letters', { exporter: this.name, records, error })
    for (let entry = await this.#queue.next(); entry && deadLetter; entry = await this.#queue.next())
      if ((await this.#deliverer.giveUp(entry, { reason: 'stopped', error }, context)).status !== 'ok') break
    if (this.#queue.records > 0)
      context.log.error('stopped with records that neither the destination nor the dead letters took', {
        exporter: this.name,
        records: this.#queue.records,
      })
    else this.#endHold?.()
  }
}

/** Stands for the result of a try after which something is left all the same. */
const stillThere = retry(new Error('not all of it is settled'))
