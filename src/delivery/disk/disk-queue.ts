import { Account } from '../../core/account.ts'
import { type Context, createContext } from '../../core/context.ts'
import { WaybillError } from '../../core/errors.ts'
import type { Dictionary } from '../../core/record-type.ts'
import { type ExportResult, ok, reject, retry, toError } from '../../core/result.ts'
import { formatSize } from '../../core/size.ts'
import type { Amount, Queue, Waiting } from '../queue.ts'
import { bodiesOf } from './bodies.ts'
import { Disk, type DiskOptions } from './disk.ts'
import { realFiles } from './file-layer.ts'
import { Keyring } from './keyring.ts'
import type { Entry } from './read-ahead.ts'
import { pendingOf, type QueueState } from './state.ts'

export interface DiskQueueOptions<T> extends Omit<DiskOptions<T>, 'files' | 'segmentBytes' | 'compress' | 'keys'> {
  /** Of its files; at about this much it is full. */
  readonly maxBytes: number
  /** Default: one of its own. */
  readonly account: Account | undefined
  readonly files?: DiskOptions<T>['files']
  readonly segmentBytes?: number
  readonly compress?: boolean
  readonly keys?: Keyring
}

interface Head<Time, T> extends Waiting<Time, T> {
  readonly from: number
  readonly until: number
}

/**
 * A queue in files: what it has accepted survives the process. Only the next of what waits is in memory. It opens whatever it
 * finds in its folder, and counts what is missing there as dropped, `corrupted`. After a restart the account has the figures
 * of all time.
 */
export class DiskQueue<Time, T> implements Queue<Time, T> {
  readonly durable = true
  readonly #options: DiskQueueOptions<T> & DiskOptions<T>
  readonly #account: Account
  #opening: Promise<Disk<Time, T>> | undefined
  #disk: Disk<Time, T> | undefined
  #context: Context = createContext()
  #records = 0
  /** What was given to be delivered, in order. */
  #heads: Head<Time, T>[] = []
  #closed = false

  /** Throws WaybillError `INVALID_OPTION` where the records cannot be written as bytes. */
  constructor(options: DiskQueueOptions<T>) {
    if (!options.records.encode || !options.records.decode)
      throw new WaybillError('INVALID_OPTION', 'data of this kind cannot be kept on disk', {
        hint: 'give `records` an encode and a decode, or use a buffer in memory',
      })
    const segmentBytes = Math.min(16 << 20, Math.max(1 << 16, Math.floor(options.maxBytes / 8)))
    this.#options = { files: realFiles, segmentBytes, compress: false, keys: new Keyring(undefined), ...options }
    this.#account = options.account ?? new Account(options.folder)
  }

  get records(): number {
    return this.#records
  }

  get bytes(): number {
    const { writer, state } = this.#disk ?? {}
    return writer && state ? writer.bytesFrom(state.skip?.until ?? state.done) : 0
  }

  get accepted(): number {
    return this.#disk?.writer.committed ?? 0
  }

  get done(): number {
    return this.#disk?.state.done ?? 0
  }

  get oldestMs(): number | undefined {
    return this.#heads[0]?.firstAcceptedMs ?? this.#disk?.ahead.first?.acceptedMs
  }

  async open(context: Context): Promise<void> {
    this.#context = context
    await this.#opened()
  }

  lack(_more: Amount): string | undefined {
    return this.bytes >= this.#options.maxBytes ? `${formatSize(this.bytes)} are on disk` : undefined
  }

  async put(time: Time, data: T, { records, bytes }: Amount, context: Context): Promise<ExportResult> {
    this.#context = context
    try {
      const disk = await this.#opened()
      return await this.#append(disk, time, data, { records, bytes })
    } catch (thrown) {
      return retry(toError(thrown), { scope: 'destination' })
    }
  }

  #append(disk: Disk<Time, T>, time: Time, data: T, { records, bytes }: Amount): Promise<ExportResult> {
    const acceptedMs = this.#context.clock.now()
    return new Promise((resolve) => {
      let from = 0
      const bodies = (position: number, dictionary: Dictionary | undefined) => {
        from = position
        return bodiesOf({ from, records, acceptedMs, time }, this.#options.records.encode!(data, dictionary), dictionary)
      }
      const settled = (error?: Error) => {
        if (error) {
          // The segment ends where the disk was full, and all in it may be delivered already.
          void this.keep()
          return resolve(retry(error, { scope: 'destination' }))
        }
        this.#records += records
        disk.ahead.offer({ kind: 'entry', from, until: from + records, records, acceptedMs, time, data, bytes })
        this.#account.post({ accepted: records })
        if (this.#options.durability === 'interval') disk.syncLater()
        disk.packLater()
        resolve(ok)
      }
      try {
        disk.writer.append(records, bodies, settled)
      } catch (thrown) {
        resolve(reject(toError(thrown)))
      }
    })
  }

  async next(behind = 0): Promise<Waiting<Time, T> | undefined> {
    const disk = await this.#opened()
    if (this.#heads.length === 0 && disk.state.part) await this.#resume(disk, disk.state.part)
    if (behind < this.#heads.length) return this.#heads[behind]
    if (behind > this.#heads.length || (behind > 0 && disk.state.skip)) return undefined
    for (let first = await this.#peek(disk); first?.kind === 'lost'; first = await this.#peek(disk)) {
      if (behind > 0) return undefined
      this.#lose(first.until - this.done, first.until)
    }
    const group = disk.ahead.takeGroup()
    if (group.length > 0)
      this.#begin(
        group,
        group.map(({ data }) => data),
      )
    return this.#heads[behind]
  }

  #peek({ ahead }: Disk<Time, T>) {
    return ahead.peek(this.#heads.at(-1)?.until ?? this.done)
  }

  settle(entry: Waiting<Time, T>, count: number): void {
    entry.records -= count
    this.#records -= count
    const [head] = this.#heads
    if (!head || entry !== head || entry.records > 0) return
    this.#pass(head.until)
    this.#heads.shift()
  }

  async keep(): Promise<void> {
    const disk = this.#disk
    // A letter that is not written yet is neither settled nor owed: the account and the positions would not agree.
    const [head] = this.#heads
    if (!disk || head?.letters.length) return
    const { part: before, ...state } = disk.state
    const { owed, until } = head ?? {}
    const part = owed && until !== undefined ? { until, owed } : head ? undefined : before
    const { accepted, delivered, diverted, deadLettered, dropped } = this.#account.figures()
    const booked = { accepted, delivered, diverted, deadLettered, dropped }
    await disk.note({ ...state, ...(part && { part }), serial: state.serial + 1, next: this.accepted, booked })
  }

  /** Drops the rest of the oldest segment that has something to drop. */
  dropOldest(): number {
    const disk = this.#disk
    if (!disk) return 0
    const { done, skip, part } = disk.state
    const last = this.#heads.at(-1)
    if (part && !last) return 0
    const from = skip?.until ?? last?.until ?? done
    const until = disk.writer.segments.find((segment) => segment.until > from)?.until
    if (until === undefined) return 0
    const range = { from: skip?.from ?? from, until }
    disk.ahead.skip(range)
    disk.state = { ...disk.state, skip: range }
    if (from === done) this.#pass(done)
    this.#records -= until - from
    this.#account.post({ dropped: new Map([['overflow', until - from]]) })
    void this.keep()
    return until - from
  }

  async close(): Promise<void> {
    this.#closed = true
    const disk = await this.#opening?.catch(() => undefined)
    if (!disk || !this.#disk) return
    await this.keep()
    this.#opening = undefined
    await disk.close()
  }

  #opened(): Promise<Disk<Time, T>> {
    if (this.#closed) return Promise.reject(new Error(`the buffer in ${this.#options.folder} is closed`))
    this.#opening ??= this.#open().catch((error) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  async #open(): Promise<Disk<Time, T>> {
    const disk = await Disk.open<Time, T>(this.#options, this.#context)
    const { state } = disk
    this.#disk = disk
    this.#records = pendingOf(state)
    const { folder } = this.#options
    this.#account.hold({ place: folder, pending: () => this.#records, oldestMs: () => this.oldestMs })
    this.#account.restore(state.booked, folder)
    disk.packLater()
    if (this.#records > 0)
      this.#context.log.info('the buffer holds records of an earlier run', { directory: folder, records: this.#records })
    return disk
  }

  #begin(group: readonly Entry<Time, T>[], parts: readonly T[], owed?: readonly number[]): void {
    const first = group[0]!
    const { until } = group.at(-1)!
    const records = owed?.length ?? until - first.from
    this.#heads.push({
      id: `${this.#disk!.state.buffer}-${first.from}-${until}`,
      time: first.time,
      firstAcceptedMs: first.acceptedMs,
      attempts: 0,
      parts,
      ...(owed && { owed }),
      letters: [],
      records,
      from: first.from,
      until,
    })
  }

  /** Goes on with entries that an earlier run had settled in part. */
  async #resume({ ahead, state }: Disk<Time, T>, part: NonNullable<QueueState['part']>): Promise<void> {
    const { slice } = this.#options.records
    const { done } = state
    const group: Entry<Time, T>[] = []
    const parts: T[] = []
    const owed: number[] = []
    for (let reached = done; reached < part.until; ) {
      const item = await ahead.peek(reached)
      if (!item) break
      reached = item.until
      if (item.kind === 'lost') continue
      const here = part.owed.filter((index) => index + done >= item.from && index + done < item.until)
      group.push(item)
      if (here.length === 0) continue
      parts.push(
        slice(
          item.data,
          here.map((index) => index + done - item.from),
        ),
      )
      owed.push(...here)
    }
    if (owed.length > 0)
      this.#begin(
        [
          { ...group[0]!, from: done },
          { ...group.at(-1)!, until: part.until },
        ],
        parts,
        owed,
      )
    if (owed.length < part.owed.length) this.#lose(part.owed.length - owed.length, owed.length > 0 ? done : part.until)
  }

  /** Everything before `done` is settled. */
  #pass(done: number): void {
    const disk = this.#disk!
    const { skip, part, ...rest } = disk.state
    if (done === rest.done && skip?.from !== done) return
    disk.state = skip?.from === done ? { ...rest, done: skip.until } : { ...rest, ...(skip && { skip }), done }
  }

  /** Books records of which nothing can be read; everything before `done` is settled then. */
  #lose(records: number, done: number): void {
    this.#pass(done)
    this.#records -= records
    this.#account.post({ dropped: new Map([['corrupted', records]]) })
    this.#context.log.error('records are lost: their data in the buffer is damaged', { directory: this.#options.folder, records })
    void this.keep()
  }
}
