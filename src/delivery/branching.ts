import { degraded, type HealthStatus, healthy, unhealthy } from '../core/component.ts'
import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type ExportResult, toError } from '../core/result.ts'

/** An exporter that holds several others and shares its life with them, each once. */
export abstract class BranchingExporter<Time, T> implements Exporter<Time, T> {
  readonly name: string
  readonly #held: readonly Exporter<Time, T>[]

  constructor(name: string, exporters: readonly Exporter<Time, T>[]) {
    this.name = name
    this.#held = [...new Set(exporters)]
  }

  get destination(): string {
    return this.#held.map(({ name, destination }) => destination ?? name).join(', ')
  }

  abstract export(time: Time, data: T, context: Context): Promise<ExportResult>

  start(context: Context): Promise<void> {
    return this.#each((exporter) => exporter.start?.(context))
  }
  flush(context: Context): Promise<void> {
    return this.#each((exporter) => exporter.flush?.(context))
  }
  stop(context: Context): Promise<void> {
    return this.#each((exporter) => exporter.stop?.(context))
  }

  health(): HealthStatus {
    const told = this.#held.map((exporter) => ({ name: exporter.name, health: exporter.health?.() ?? healthy }))
    const troubled = told.filter(({ health }) => 'reason' in health)
    if (troubled.length === 0) return healthy
    const state = troubled.length === told.length && troubled.every(({ health }) => health.state === 'unhealthy') ? unhealthy : degraded
    return state(`${troubled.map(({ name }) => name).join(' and ')} ${troubled.length === 1 ? 'is' : 'are'} not healthy`)
  }

  /** Waits for all, then rejects if one of them did. */
  async #each(act: (exporter: Exporter<Time, T>) => Promise<void> | undefined): Promise<void> {
    const outcomes = await Promise.allSettled(this.#held.map(async (exporter) => act(exporter)))
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [toError(outcome.reason)] : []))
    if (errors.length > 1) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '))
    if (errors[0]) throw errors[0]
  }
}

/** `names` with a number behind each that stood before. */
export function unique(names: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return names.map((name) => {
    let free = name
    for (let n = 2; seen.has(free); n++) free = `${name} ${n}`
    seen.add(free)
    return free
  })
}
