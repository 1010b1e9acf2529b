import { settle } from '../core/account.ts'
import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { Receipt } from '../core/receipt.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, errorOf } from '../core/result.ts'
import type { Window } from '../core/window.ts'
import { attempt } from './attempt.ts'
import { BatchingExporter } from './batching.ts'
import { DebuggingExporter, type DebuggingOptions, type DebugSwitches } from './debugging.ts'
import { FilteringExporter, type Filters } from './filtering.ts'
import { HoldingExporter } from './holding.ts'
import { type Known, type Spelled, spelled } from './spelled.ts'

/** What can be changed while it runs. */
export interface AdjustableSettings<T> {
  /** At most this many records an export. Default: as many as come. */
  readonly batchSize?: number
  /** What is exported. Default: everything. */
  readonly filters?: Filters<T>
}

export type AdjustableOptions<T> = AdjustableSettings<T> & Pick<DebuggingOptions<T>, 'records' | 'secrets' | 'validate'>

/** What became of an export. */
export interface LastExport {
  /** Whether all of it was taken, or filtered out. */
  readonly success: boolean
  readonly status: ExportResult['status']
  /** Records that the destination took. */
  readonly exportedCount: number
  readonly responseTimeMs: number
  /** Why not everything was taken; undefined when it was. */
  readonly error: Error | undefined
}

/** What can be asked of an exporter, and changed in it, while it runs. */
export interface Adjustable<T> {
  /**
   * Changes settings, for the next export on; their names may be in snake_case. Throws WaybillError `INVALID_OPTION`, and
   * then nothing is changed, for a setting that there is not (told with those that there are) and for a wrong value.
   */
  updateConfig(changes: Spelled<AdjustableSettings<T>>): void
  /** Undefined before the first export has ended. */
  lastExportResult(): LastExport | undefined
  /** Records that filters let go, here and in what this exporter holds. */
  filteredCount(): number
  /** Tells of each export from the next on, in the log or, where there is none, on standard error. */
  enableDebugMode(switches?: Spelled<DebugSwitches>): void
  disableDebugMode(): void
}

const settingNames: Known<AdjustableSettings<unknown>> = { batchSize: 'plain', filters: 'plain' }
const switchNames: Known<DebugSwitches> = {
  traceExports: 'plain',
  logPayloads: 'plain',
  measurePerformance: 'plain',
  validateSchemas: 'plain',
}

/** An exporter that can be looked into and changed while it runs. What is under way is finished as it was begun. */
export class AdjustableExporter<Time extends Date | Window, T> extends HoldingExporter<Time, T> implements Adjustable<T> {
  readonly #records: RecordType<T>
  readonly #about: Pick<DebuggingOptions<T>, 'secrets' | 'validate'>
  #settings: AdjustableSettings<T> = {}
  #switches: DebugSwitches | undefined
  #chain: Exporter<Time, T>
  #last: LastExport | undefined
  #filtered = 0

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor(base: Exporter<Time, T>, { records = single as RecordType<T>, secrets, validate, ...settings }: AdjustableOptions<T> = {}) {
    super(base)
    this.#records = records
    this.#about = { ...(secrets && { secrets }), ...(validate && { validate }) }
    this.#chain = base
    this.updateConfig(settings)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const startMs = context.clock.monotonic()
    const receipt = new Receipt()
    const result = await attempt(this.#chain, time, data, { ...context, receipt })
    const { delivered: exportedCount = 0 } = settle(this.#records.count(data), result, receipt)
    const responseTimeMs = context.clock.monotonic() - startMs
    this.#last = { success: result.status === 'ok', status: result.status, exportedCount, responseTimeMs, error: errorOf(result) }
    for (const count of receipt.dropped.values()) this.#filtered += count
    context.receipt?.add(receipt)
    return result
  }

  updateConfig(changes: Spelled<AdjustableSettings<T>>): void {
    const settings = { ...this.#settings, ...spelled(`the exporter ${this.name}`, changes, settingNames) }
    this.#chain = this.#chainOf(settings, this.#switches)
    this.#settings = settings
  }

  lastExportResult(): LastExport | undefined {
    return this.#last
  }

  filteredCount(): number {
    return this.#filtered
  }

  enableDebugMode(switches: Spelled<DebugSwitches> = {}): void {
    this.#debug(spelled('debug mode', switches, switchNames))
  }

  disableDebugMode(): void {
    this.#debug(undefined)
  }

  #debug(switches: DebugSwitches | undefined): void {
    this.#chain = this.#chainOf(this.#settings, switches)
    this.#switches = switches
  }

  #chainOf({ batchSize, filters }: AdjustableSettings<T>, switches: DebugSwitches | undefined): Exporter<Time, T> {
    const records = this.#records
    let exporter = this.next
    if (switches) exporter = new DebuggingExporter(exporter, { ...switches, ...this.#about, records })
    if (batchSize !== undefined) exporter = new BatchingExporter(exporter, { batchSize, records })
    if (filters) exporter = new FilteringExporter(exporter, { ...filters, records })
    return exporter
  }
}
