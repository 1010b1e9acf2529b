import { loadFile } from '../../agent/config/load.ts'
import { suggest } from '../../agent/config/names.ts'
import { createHost } from '../../agent/host.ts'
import type { Batch, RowsBatch } from '../../core/batch.ts'
import { batchRecords } from '../../core/batch-records.ts'
import type { Context } from '../../core/context.ts'
import { WaybillError } from '../../core/errors.ts'
import type { EventExporter } from '../../core/exporter.ts'
import { errorOf, toError } from '../../core/result.ts'
import type { Row, Table } from '../../core/rows.ts'
import { ResilientExporter } from '../../delivery/resilient.ts'
import type { RowOutput } from '../../opencost/output.ts'

/** As many rows at a time as make a batch of usual size. */
const batchRows = 1000

/**
 * Hands rows to an exporter of a configuration, with its retries and its time limit and without its buffer: what is taken is delivered
 * when it says so. The exporter is started by the first rows, and stopped in the end.
 */
export class ExporterOutput implements RowOutput {
  readonly destination: string
  readonly #exporter: EventExporter<Batch>
  readonly #context: Context
  #batch: RowsBatch | undefined
  #started = false

  constructor(exporter: EventExporter<Batch>, context: Context) {
    this.destination = exporter.destination ? `${exporter.name} (${exporter.destination})` : exporter.name
    this.#exporter = exporter
    this.#context = context
  }

  async take(table: Table, rows: readonly Row[]): Promise<void> {
    if (this.#batch?.table !== table) await this.#send()
    this.#batch = { signal: 'rows', table, rows: [...(this.#batch?.rows ?? []), ...rows] }
    if (this.#batch.rows.length >= batchRows) await this.#send()
  }

  async commit(): Promise<void> {
    await this.#send()
    if (this.#started) await this.#attempt(() => this.#exporter.flush?.(this.#context))
    await this.#stop()
  }

  discard(): Promise<void> {
    return this.#stop().catch(() => {})
  }

  async #send(): Promise<void> {
    const batch = this.#batch
    this.#batch = undefined
    if (!batch) return
    if (!this.#started) {
      this.#started = true
      await this.#attempt(() => this.#exporter.start?.(this.#context))
    }
    const at = new Date(this.#context.clock.now())
    const error = errorOf(await this.#exporter.export(at, batch, this.#context))
    if (error) throw notTaken(this.destination, error)
  }

  async #stop(): Promise<void> {
    if (!this.#started) return
    this.#started = false
    await this.#attempt(() => this.#exporter.stop?.(this.#context))
  }

  async #attempt(task: () => Promise<void> | undefined): Promise<void> {
    try {
      await task()
    } catch (thrown) {
      throw notTaken(this.destination, toError(thrown))
    }
  }
}

const notTaken = (destination: string, error: Error) =>
  new WaybillError('DESTINATION_UNAVAILABLE', `${destination} did not take everything: ${error.message}`, {
    hint: 'what it has taken before stays there; see that it can be reached, then export again',
    cause: error,
  })

/** The exporter of that name. Rejects with ConfigError, or with WaybillError `INVALID_OPTION` when there is none that takes rows. */
export async function exporterIn(file: string, name: string, context: Context): Promise<ExporterOutput> {
  const config = await loadFile(file)
  const found = config.exporters.filter(({ plugin }) => plugin.signals.includes('rows'))
  const resolved = found.find((exporter) => exporter.name === name)
  if (!resolved) {
    const known = found.map((exporter) => exporter.name)
    throw new WaybillError('INVALID_OPTION', `${file} has no exporter ${name} that takes rows`, { hint: suggest(name, known) })
  }
  const { plugin, config: settings, rest } = resolved
  const host = createHost(plugin, { dataDir: config.file.dataDir, log: context.log })
  const exporter = plugin.create({ name, config: settings as never, host })
  const options = { retry: rest.retry, timeout: rest.timeout, circuitBreaker: false, records: batchRecords } as const
  return new ExporterOutput(new ResilientExporter(exporter, options), context)
}
