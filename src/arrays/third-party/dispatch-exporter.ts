import {
  type AlertsBatch,
  type Context,
  type EventExporter,
  type ExportResult,
  fromThrown,
  type HealthStatus,
  healthy,
  type Log,
  type MetricsBatch,
  ok,
  orAborted,
  partial,
  type Rejection,
  retry,
  unhealthy,
} from '../../sdk.ts'
import { type AlertData, alertData } from './alert-data.ts'
import { type MetricData, metricData } from './metric-data.ts'

/** An exporter of arrays' data: what somebody writes who wants it in a platform of their own. */
export interface Dispatching {
  /** Resolves when all of `data` is delivered. What it throws or rejects with is tried again later, with the same data. */
  dispatch(context: Context, data: readonly (MetricData | AlertData)[]): Promise<unknown> | unknown
  /** Before the first dispatch. Rejects when it cannot start; it is then tried again. */
  start?(context: Context): Promise<void> | void
  /** After the last. */
  stop?(context: Context): Promise<void> | void
}

/** Hands batches to a `dispatch`, in the form that it expects, and tells how many it was given. What it holds on to is not Waybill's any more. */
export class DispatchExporter implements EventExporter<MetricsBatch | AlertsBatch> {
  readonly name: string
  readonly #target: Dispatching
  readonly #log: Log
  #started: Promise<void> | undefined
  #stopped = false
  #failure: Error | undefined

  constructor(name: string, target: Dispatching, log: Log) {
    this.name = name
    this.#target = target
    this.#log = log
  }

  async start(context: Context): Promise<void> {
    this.#stopped = false
    this.#started ??= (async () => this.#target.start?.(context))()
    try {
      await this.#started
    } catch (thrown) {
      this.#started = undefined
      throw thrown
    }
  }

  async export(_time: Date, batch: MetricsBatch | AlertsBatch, context: Context): Promise<ExportResult> {
    if (this.#stopped) return retry(new Error(`${this.name} is stopped`), { scope: 'destination' })
    const { data, rejected } = dataOf(batch)
    if (data.length > 0) {
      const failed = await this.#dispatch(data, context)
      if (failed) return failed
      this.#log.debug('dispatched', { exporter: this.name, [batch.signal]: data.length })
    }
    return rejected.length > 0 ? partial(rejected) : ok
  }

  async stop(context: Context): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.#started = undefined
    await orAborted(Promise.resolve(this.#target.stop?.(context)), context.signal)
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    return this.#failure ? unhealthy(`its dispatch failed: ${this.#failure.message}`) : healthy
  }

  async #dispatch(data: readonly (MetricData | AlertData)[], context: Context): Promise<ExportResult | undefined> {
    if (context.signal.aborted) return retry(new Error(`${this.name}: aborted before it was dispatched`))
    try {
      const dispatched = Promise.resolve(this.#target.dispatch(context, data)).then(() => true)
      if (!(await orAborted(dispatched, context.signal))) return retry(new Error(`${this.name}: aborted before its dispatch was done`))
      this.#failure = undefined
      return undefined
    } catch (thrown) {
      const failed = fromThrown(thrown)
      if ('error' in failed) this.#failure = failed.error
      return failed
    }
  }
}

interface Converted {
  readonly data: readonly (MetricData | AlertData)[]
  readonly rejected: readonly Rejection[]
}

const dataOf = (batch: MetricsBatch | AlertsBatch): Converted =>
  batch.signal === 'metrics' ? metricData(batch.points) : { data: batch.alerts.map(alertData), rejected: [] }
