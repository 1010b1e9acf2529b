import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Batch } from '../core/batch.ts'
import { type HealthStatus, healthy, unhealthy } from '../core/component.ts'
import type { Context, DeadLetter } from '../core/context.ts'
import { formatDuration } from '../core/duration.ts'
import { WaybillError } from '../core/errors.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { Log } from '../core/log.ts'
import { orAborted } from '../core/or-aborted.ts'
import { type ExportResult, ok, reject, retry, toError } from '../core/result.ts'
import { formatSize } from '../core/size.ts'
import { type Lock, takeLock } from '../files/lock.ts'
import { makeFolder } from '../files/make-folder.ts'
import { unwritable } from '../files/unwritable.ts'
import { readEarlier, writeEarlier } from './earlier.ts'
import { countOf, type Letter, LetterReader, placeOf } from './letter.ts'
import { fileOf, LetterFile } from './letter-file.ts'
import { type LetterFilter, matches } from './letter-filter.ts'
import { type LetterFigures, type Settled, Tally } from './tally.ts'

export interface DeadLetterStoreOptions {
  readonly directory: string
  /** Once the files of the letters that wait are this large, no more are taken. Default: 256 MiB. */
  readonly maxBytes?: number | undefined
  /** Letters given up longer ago than this are purged, a file at a time. Default: never. */
  readonly maxAgeMs?: number | undefined
  /** A file is finished once it has so much. Default: 16 MiB. */
  readonly fileBytes?: number
}

/**
 * Where records wait that no destination took, on the device before they count as written: JSON lines in numbered files, beside each a
 * file that says which were replayed or purged. At every moment, over all processes: written = waiting + replayed + purged. A file goes
 * when none of its letters waits. When it is full it takes no more, and whoever delivers waits.
 */
export class DeadLetterStore implements EventExporter<Batch> {
  readonly name: string = 'dead-letters'
  readonly destination: string
  readonly #maxBytes: number
  readonly #maxAgeMs: number
  readonly #fileBytes: number
  #files: LetterFile[] = []
  #current: LetterFile | undefined
  #next = 1
  /** Of the files that are gone. */
  #gone = new Tally()
  #lock: Lock | undefined
  #failure: WaybillError | undefined
  #stopped = false
  #last: Promise<unknown> = Promise.resolve()

  constructor({
    directory,
    maxBytes = 256 * 2 ** 20,
    maxAgeMs = Number.POSITIVE_INFINITY,
    fileBytes = 16 * 2 ** 20,
  }: DeadLetterStoreOptions) {
    this.destination = resolve(directory)
    this.#maxBytes = maxBytes
    this.#maxAgeMs = maxAgeMs
    this.#fileBytes = Math.min(fileBytes, maxBytes / 4)
  }

  /** Rejects with WaybillError `DATA_DIR_IN_USE` or `DESTINATION_UNAVAILABLE`. */
  start(context: Context): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#lock) return
      this.#stopped = false
      await this.#guarded(() => this.#open(context).then(() => this.#expire(context)))
    })
  }

  /** Takes what comes with `context.deadLetter`. */
  async export(time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    const { deadLetter, signal } = context
    if (!deadLetter) return reject(new Error(`${this.name} takes only dead letters`))
    if (countOf(batch) === 0) return ok
    const result = await orAborted(
      this.#inTurn(() => this.#write(time, batch, { ...context, deadLetter })),
      signal,
    )
    return result ?? retry(new Error(`${this.name}: aborted before all was written`))
  }

  async stop(_context: Context): Promise<void> {
    this.#stopped = true
    await this.#inTurn(() => this.#close())
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    return this.#failure ? unhealthy(this.#failure.explain()) : healthy
  }

  /** By exporter, over all time. */
  figures(): readonly LetterFigures[] {
    const all = new Tally()
    for (const { tally } of [{ tally: this.#gone }, ...this.#files]) all.addAll(tally.figures())
    return all.figures()
  }

  /** How much room is taken, in bytes of files. */
  get bytes(): number {
    return this.#files.reduce((sum, file) => sum + file.bytes, 0)
  }

  /** Those that wait, oldest first. What is written after the first one is asked for is not among them. */
  async *list(filter: LetterFilter = {}): AsyncGenerator<Letter> {
    const reader = new LetterReader()
    const until = this.#files.map((file) => ({ file, bytes: file.bytes }))
    for (const { file, bytes } of until)
      for await (const letter of file.read(reader, bytes)) if (matches(filter, letter) && !file.isSettled(letter)) yield letter
  }

  /** The one that waits under that id. */
  async find(id: string): Promise<Letter | undefined> {
    const file = this.#files.find(({ number }) => number === placeOf(id)?.file)
    if (file) for await (const letter of file.read(new LetterReader(), file.bytes)) if (letter.id === id) return letter
    return undefined
  }

  /** Notes what became of letters; resolves when that is on the device, with how many of them still waited. Rejects while it is stopped. */
  settle(letters: readonly Letter[], state: Settled, { clock }: Pick<Context, 'clock'>, to?: string): Promise<number> {
    return this.#inTurn(() =>
      this.#guarded(async () => {
        if (!this.#lock) throw new WaybillError('DESTINATION_UNAVAILABLE', `${this.name} is stopped: nothing can be noted`)
        let count = 0
        for (const [number, own] of Map.groupBy(letters, ({ id }) => placeOf(id)?.file)) {
          const file = this.#files.find((file) => file.number === number)
          count += (await file?.settle(own, state, { nowMs: clock.now(), to })) ?? 0
        }
        await this.#removeDone()
        return count
      }),
    )
  }

  async #open({ log }: Context): Promise<void> {
    await makeFolder(this.destination)
    this.#lock = await takeLock(join(this.destination, 'lock'), {
      message: (pid) => `the dead letters in ${this.destination} are in use by process ${pid}`,
      hint: 'an agent that runs has them: ask it, with the same --data-dir',
    })
    try {
      await this.#scan(log)
    } catch (thrown) {
      await this.#close()
      throw thrown
    }
  }

  async #scan(log: Log): Promise<void> {
    const earlier = await readEarlier(this.destination, log)
    const found = (await readdir(this.destination)).map(fileOf).filter((file) => file !== undefined)
    const numbers = [...new Set(found.filter(({ kind }) => kind !== 'unreadable').map(({ number }) => number))]
    const withLetters = new Set(found.filter(({ kind }) => kind === 'letters').map(({ number }) => number))
    this.#gone = new Tally()
    this.#gone.addAll(earlier.figures)
    this.#files = []
    for (const number of numbers.sort((a, b) => a - b)) {
      const file = new LetterFile(this.destination, number)
      if (earlier.gone.includes(number) || !withLetters.has(number)) await file.remove()
      else {
        await file.scan(log)
        this.#files.push(file)
      }
    }
    this.#next = Math.max(earlier.next, ...found.map(({ number }) => number + 1))
    await this.#removeDone()
  }

  async #write(time: Date, batch: Batch, context: Context & { deadLetter: DeadLetter }): Promise<ExportResult> {
    if (context.signal.aborted) return retry(new Error(`${this.name}: aborted before anything was written`))
    if (this.#stopped) return retry(new Error(`${this.name} is stopped`), { scope: 'destination' })
    try {
      await this.#guarded(async () => {
        if (!this.#lock) await this.#open(context)
        await this.#expire(context)
        await this.#makeRoom()
        await this.#append(time, batch, context)
      })
      return ok
    } catch (thrown) {
      return retry(toError(thrown), { scope: 'destination' })
    }
  }

  async #append(time: Date, batch: Batch, { deadLetter, clock }: Context & { deadLetter: DeadLetter }): Promise<void> {
    if (!this.#current) {
      this.#current = new LetterFile(this.destination, this.#next++)
      this.#files.push(this.#current)
    }
    await this.#current.append(time, batch, deadLetter, clock.now())
    if (this.#current.bytes >= this.#fileBytes) this.#current = undefined
  }

  /** Rejects when there is none. */
  async #makeRoom(): Promise<void> {
    if (this.bytes < this.#maxBytes) return
    this.#current = undefined
    await this.#removeDone()
    if (this.bytes < this.#maxBytes) return
    throw new WaybillError(
      'DESTINATION_UNAVAILABLE',
      `the dead letters in ${this.destination} have all the room that they may have: ${formatSize(this.#maxBytes)}`,
      {
        hint: 'see waybill dlq list, then waybill dlq replay or purge',
      },
    )
  }

  async #expire({ clock, log }: Context): Promise<void> {
    const nowMs = clock.now()
    for (const file of this.#files.filter(({ lastMs, tally }) => lastMs < nowMs - this.#maxAgeMs && tally.waiting > 0)) {
      const letters = await Array.fromAsync(file.read(new LetterReader(), file.bytes))
      const records = await file.settle(letters, 'purged', { nowMs })
      log.warn('dead letters were purged: they are older than they may get', { records, olderThan: formatDuration(this.#maxAgeMs) })
    }
    await this.#removeDone()
  }

  /** Removes files of which nothing waits, but not the one that is written to. What they had is noted first, so that it is counted once. */
  async #removeDone(): Promise<void> {
    const done = this.#files.filter((file) => file !== this.#current && file.tally.waiting === 0)
    if (done.length === 0) return
    const gone = new Tally()
    for (const { tally } of [{ tally: this.#gone }, ...done]) gone.addAll(tally.figures())
    await writeEarlier(this.destination, { next: this.#next, gone: done.map(({ number }) => number), figures: gone.figures() })
    this.#gone = gone
    this.#files = this.#files.filter((file) => !done.includes(file))
    for (const file of done) await file.remove()
  }

  async #close(): Promise<void> {
    this.#current = undefined
    for (const file of this.#files) await file.close()
    this.#lock?.release()
    this.#lock = undefined
  }

  /** Runs tasks one after another, in the order of the calls. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task)
    this.#last = turn.catch(() => {})
    return turn
  }

  /** Keeps why it failed for `health`, until something succeeds. */
  async #guarded<T>(task: () => Promise<T>): Promise<T> {
    try {
      const result = await task()
      this.#failure = undefined
      return result
    } catch (thrown) {
      this.#failure = thrown instanceof WaybillError ? thrown : unwritable(this.destination, toError(thrown))
      throw this.#failure
    }
  }
}
