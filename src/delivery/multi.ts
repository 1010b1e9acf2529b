import { degraded, type HealthStatus, healthy } from '../core/component.ts'
import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type ExportResult, errorOf, ok, retry } from '../core/result.ts'
import { attempt } from './attempt.ts'

export interface MultiOptions {
  /** Default: the children's names, joined. */
  readonly name?: string
  /** How many children must take the data. Default 1. */
  readonly minSuccessCount?: number
}

/**
 * Gives everything to every exporter at once. Each is asked on its own and never stops another; the result names each
 * child, and is `ok` when enough of them took the data.
 */
export class MultiExporter<Time, T> implements Exporter<Time, T> {
  readonly name: string
  readonly #exporters: readonly Exporter<Time, T>[]
  readonly #minSuccessCount: number

  constructor(exporters: readonly Exporter<Time, T>[], options: MultiOptions = {}) {
    this.name = options.name ?? exporters.map(({ name }) => name).join('+')
    this.#exporters = exporters
    this.#minSuccessCount = options.minSuccessCount ?? 1
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const results = await Promise.all(
      this.#exporters.map(async (exporter) => [exporter.name, await attempt(exporter, time, data, context)] as const),
    )
    const children = Object.fromEntries(results)
    const failed = results.filter(([, result]) => result.status !== 'ok')
    if (results.length - failed.length >= this.#minSuccessCount) return { ...ok, children }
    const told = failed.map(([name, result]) => `${name}: ${errorOf(result)!.message}`).join('; ')
    return { ...retry(new Error(told || 'there is no exporter')), children }
  }

  async start(context: Context): Promise<void> {
    await Promise.all(this.#exporters.map((exporter) => exporter.start?.(context)))
  }
  async flush(context: Context): Promise<void> {
    await Promise.all(this.#exporters.map((exporter) => exporter.flush?.(context)))
  }
  async stop(context: Context): Promise<void> {
    await Promise.all(this.#exporters.map((exporter) => exporter.stop?.(context)))
  }
  health(): HealthStatus {
    const troubled = this.#exporters.find((exporter) => exporter.health && 'reason' in exporter.health())
    return troubled ? degraded(`${troubled.name} is not healthy`) : healthy
  }
}
