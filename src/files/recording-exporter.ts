import {
  type Context,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  healthy,
  type Log,
  type MetricsBatch,
  ok,
  orAborted,
  type Point,
  partial,
  type Rejection,
  retry,
  toError,
  unhealthy,
  WaybillError,
} from '../core/index.ts'
import { unwritable } from './unwritable.ts'

/** What keeps points in files. It is called once at a time, and rejects with the error of the system or a WaybillError. */
export interface Recording {
  /** Where it is kept. */
  readonly path: string
  /** Sees that it can be written to, as far as that shows without writing. May be called again. */
  open(log: Log): Promise<void>
  /**
   * Keeps all of the points or none, but for those that it never can, which it answers by index. When it resolves they survive
   * the death of the process. Opens what is not open.
   */
  append(points: readonly Point[], log: Log): Promise<readonly Rejection[]>
  /** Puts what was kept on the device. */
  sync(): Promise<void>
  /** Closes what is open; what is appended afterwards follows what is there. */
  close(log: Log): Promise<void>
}

/** Gives points to a recording, one batch after the other. A failure of the file is `retry`, scope `destination`. */
export class RecordingExporter implements EventExporter<MetricsBatch> {
  readonly name: string
  readonly #recording: Recording
  #last: Promise<unknown> = Promise.resolve()
  #stopped = false
  #failure: WaybillError | undefined

  constructor(name: string, recording: Recording) {
    this.name = name
    this.#recording = recording
  }

  get destination(): string {
    return this.#recording.path
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when the file cannot be written to, or holds something else. */
  async start({ signal, log }: Context): Promise<void> {
    this.#stopped = false
    await this.#inTurn(() => this.#guarded(() => this.#recording.open(log)), signal)
  }

  async export(_time: Date, { points }: MetricsBatch, { signal, log }: Context): Promise<ExportResult> {
    if (points.length === 0) return ok
    const result = await this.#inTurn(() => this.#write(points, signal, log), signal)
    return result ?? retry(new Error(`${this.name}: aborted before all was written`))
  }

  /** Puts what was written on the device. */
  async flush({ signal }: Context): Promise<void> {
    await this.#inTurn(() => this.#recording.sync(), signal)
  }

  async stop({ signal, log }: Context): Promise<void> {
    this.#stopped = true
    await this.#inTurn(() => this.#recording.close(log), signal)
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    return this.#failure ? unhealthy(this.#failure.explain()) : healthy
  }

  async #write(points: readonly Point[], signal: AbortSignal, log: Log): Promise<ExportResult> {
    if (signal.aborted) return retry(new Error(`${this.name}: aborted before anything was written`))
    if (this.#stopped) return retry(new Error(`${this.name} is stopped`), { scope: 'destination' })
    try {
      const rejected = await this.#guarded(() => this.#recording.append(points, log))
      return rejected.length > 0 ? partial(rejected) : ok
    } catch (failure) {
      return retry(toError(failure), { scope: 'destination' })
    }
  }

  /** Rejects with a WaybillError, which the health then tells. */
  async #guarded<T>(task: () => Promise<T>): Promise<T> {
    try {
      const done = await task()
      this.#failure = undefined
      return done
    } catch (thrown) {
      this.#failure = thrown instanceof WaybillError ? thrown : unwritable(this.destination, toError(thrown))
      throw this.#failure
    }
  }

  /** Runs tasks one after another, in the order of the calls. Gives undefined when `signal` aborts before the task is done. */
  #inTurn<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    const turn = this.#last.then(task)
    this.#last = turn.catch(() => {})
    return orAborted(turn, signal)
  }
}
