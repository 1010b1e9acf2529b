import { randomUUID } from 'node:crypto'
import { type Account, type Holder, settle } from '../core/account.ts'
import { degraded, type HealthStatus, unhealthy } from '../core/component.ts'
import { type Context, createContext } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { Receipt } from '../core/receipt.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, errorOf, ok, retry } from '../core/result.ts'
import { exponential, type Schedule } from '../core/schedule.ts'
import { parseSize, type Size } from '../core/size.ts'
import { attempt } from './attempt.ts'
import { HoldingExporter } from './holding.ts'
import { lettersOf, writeLetter } from './letters.ts'
import { type Letter, MemoryQueue, type Waiting } from './memory-queue.ts'
import { pause } from './pause.ts'

export interface BufferedOptions<Time, T> {
  readonly type?: 'memory'
  /** At this many records it refuses. Default 1,000,000. */
  readonly maxRecords?: number
  /** At about this much memory it refuses. Default 64 MiB. */
  readonly maxBytes?: Size
  /** How long to wait after the nth failure in a row. Default: full jitter, doubling from 1 s to 30 s. */
  readonly pace?: Schedule
  readonly records?: RecordType<T>
  /** Takes what the destination never will, and what a stop leaves over. Started and stopped by whoever made it. */
  readonly deadLetter?: Exporter<Time, T>
  /** Kept by the buffer, since it knows when records are accepted and when they are settled. */
  readonly account?: Account
}

/** How long an export under way may take to notice that it was aborted, before its data is taken for undelivered. */
const graceMs = 1000

/**
 * Answers `ok` once the data is in its queue and delivers it in the background, in order, one export at a time. What gets
 * `retry` stays and is tried again, at `pace` and never sooner than the destination asked; what is rejected goes to the
 * dead letters and stays queued until it is there. When the queue is full the newest is refused: nothing is dropped.
 */
export class BufferedExporter<Time, T> extends HoldingExporter<Time, T> implements Holder {
  readonly #queue = new MemoryQueue<Time, T>()
  readonly #records: RecordType<T>
  readonly #maxRecords: number
  readonly #maxBytes: number
  readonly #pace: Schedule
  readonly #account: Account | undefined
  readonly #deadLetter: Exporter<Time, T> | undefined
  readonly #abort = new AbortController()
  readonly #hurry = new AbortController()
  #context: Context = createContext()
  #draining: Promise<void> | undefined
  #failures = 0
  #lastFailure: ExportResult | undefined
  #closed = false

  constructor(base: Exporter<Time, T>, options: BufferedOptions<Time, T> = {}) {
    super(base)
    this.#records = options.records ?? (single as RecordType<T>)
    this.#maxRecords = options.maxRecords ?? 1_000_000
    this.#maxBytes = parseSize(options.maxBytes ?? '64MiB')
    this.#pace = options.pace ?? exponential(1000, 30_000)
    this.#deadLetter = options.deadLetter
    this.#account = options.account
    this.#account?.hold(this)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const records = this.#records.count(data)
    if (records === 0) return ok
    const bytes = this.#records.bytes(data)
    const refusal = this.#refusal(records, bytes)
    if (refusal) {
      this.#account?.post({ refused: records })
      return retry(new Error(refusal), { scope: 'destination' })
    }
    this.#context = context
    this.#queue.push({ id: randomUUID(), time, data, records, bytes, attempts: 0, letters: [], firstAcceptedMs: context.clock.now() })
    this.#account?.post({ accepted: records })
    this.#draining ??= this.#drain()
    return ok
  }

  pending(): number {
    return this.#queue.records
  }

  oldestMs(): number | undefined {
    return this.#queue.peek()?.firstAcceptedMs
  }

  /** Resolves when everything accepted so far is settled, or the signal aborts. */
  override async flush(context: Context): Promise<void> {
    await Promise.race([this.#draining, aborted(context.signal)])
    await super.flush(context)
  }

  /**
   * Takes nothing more, delivers what is queued until the signal aborts or the destination is found to be unavailable, and
   * writes the rest to the dead letters. What they do not take either stays pending in the account.
   */
  override async stop(context: Context): Promise<void> {
    this.#closed = true
    this.#hurry.abort()
    await Promise.race([this.#draining, aborted(context.signal)])
    this.#abort.abort()
    const settled = new AbortController()
    await Promise.race([this.#draining, context.clock.sleep(graceMs, settled.signal)])
    settled.abort()
    for (let entry = this.#queue.peek(); entry && (await this.#giveUp(entry)); entry = this.#queue.peek());
    if (this.#queue.records > 0) {
      context.log.error('stopped with records that neither the destination nor the dead letters took', {
        exporter: this.name,
        records: this.#queue.records,
      })
    }
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

  #refusal(records: number, bytes: number): string | undefined {
    if (this.#closed) return `${this.name} is stopping`
    if (this.#queue.records > 0 && this.#queue.records + records > this.#maxRecords)
      return `the buffer of ${this.name} is full: ${this.#queue.records} records wait`
    if (this.#queue.records > 0 && this.#queue.bytes + bytes > this.#maxBytes)
      return `the buffer of ${this.name} is full: ${this.#queue.bytes} bytes wait`
    return undefined
  }

  /** Runs while there is something to deliver; ends early when it is stopped and the destination is unavailable. */
  async #drain(): Promise<void> {
    for (let entry = this.#queue.peek(); entry; entry = this.#queue.peek()) {
      const result = await this.#deliver(entry)
      if (this.#abort.signal.aborted) break
      if (entry.records === 0) {
        this.#failures = 0
        this.#lastFailure = undefined
        continue
      }
      this.#failures++
      this.#lastFailure = result
      if (this.#closed && result.status === 'retry' && result.scope === 'destination') break
      const askedMs = result.status === 'retry' ? (result.afterMs ?? 0) : 0
      const waitMs = Math.max(askedMs, this.#pace(this.#failures, this.#context.random) ?? 0)
      await pause(waitMs, { ...this.#context, signal: this.#abort.signal, ...(!this.#closed && { hurry: this.#hurry.signal }) })
    }
    this.#draining = undefined
  }

  /** One try: the result that tells why something of `entry` is left, or `ok`. */
  async #deliver(entry: Waiting<Time, T>): Promise<ExportResult> {
    let result: ExportResult = ok
    entry.attempts++
    if (entry.data !== undefined) {
      const receipt = new Receipt()
      const delivery = { id: entry.id, attempt: entry.attempts, firstAcceptedMs: entry.firstAcceptedMs }
      const context = { ...this.#context, signal: this.#abort.signal, hurry: this.#hurry.signal, receipt, delivery }
      const { data } = entry
      result = await attempt(this.next, entry.time, data, context)
      if (entry.data !== data) return result
      this.#settle(entry, data, result, receipt)
    }
    for (const letter of entry.letters) {
      const written = await this.#write(entry, letter)
      if (written.status !== 'ok') return written
    }
    return result.status === 'reject' || result.status === 'too-large' ? ok : result
  }

  #settle(entry: Waiting<Time, T>, data: T, result: ExportResult, receipt: Receipt): void {
    const count = this.#records.count(data)
    const { returned, ...posting } = settle(count, result, receipt)
    entry.letters = receipt.deadLettered > 0 ? [] : lettersOf(data, result, this.#records)
    entry.data = dataLeft(data, result, this.#records)
    this.#queue.settle(entry, count - returned)
    this.#account?.post(posting)
  }

  async #write(entry: Waiting<Time, T>, letter: Letter<T>): Promise<ExportResult> {
    const { signal } = new AbortController()
    const written = await writeLetter(this.#deadLetter, entry, letter, { ...this.#context, signal, exporter: this.name })
    if (written.status !== 'ok') return written
    entry.letters = entry.letters.filter((other) => other !== letter)
    this.#queue.settle(entry, letter.count)
    this.#account?.post(this.#deadLetter ? { deadLettered: letter.count } : { dropped: new Map([[letter.reason, letter.count]]) })
    return ok
  }

  /** Writes all that is left of `entry` to the dead letters; false when they do not take it. */
  async #giveUp(entry: Waiting<Time, T>): Promise<boolean> {
    if (!this.#deadLetter) return false
    if (entry.data !== undefined) {
      const error = (this.#lastFailure && errorOf(this.#lastFailure)) ?? new Error('stopped before it was delivered')
      const letter: Letter<T> = { data: entry.data, count: this.#records.count(entry.data), reason: 'stopped', error }
      entry.letters = [...entry.letters, letter]
      entry.data = undefined
    }
    for (const letter of entry.letters) if ((await this.#write(entry, letter)).status !== 'ok') return false
    return true
  }
}

/** What of `data` is still to be delivered after `result`. */
function dataLeft<T>(data: T, result: ExportResult, records: RecordType<T>): T | undefined {
  if (result.status === 'retry') return data
  if (result.status === 'partial' && result.retry.length > 0) return records.slice(data, result.retry)
  return undefined
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
