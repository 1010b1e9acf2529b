import type { HealthStatus } from '../core/component.ts'
import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type ExportResult, retry } from '../core/result.ts'
import type { Schedule } from '../core/schedule.ts'
import { HoldingExporter } from './holding.ts'
import { Starter } from './starter.ts'

/**
 * Starts what it holds and, where that fails, says why in its health and tries again on a schedule, until it works or is
 * stopped. Data waits for the first try; after it has failed, data is answered with `retry`, scope `destination`. Never
 * rejects a start.
 */
export class StartingExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #starter: Starter

  constructor(next: Exporter<Time, T>, options: { schedule?: Schedule } = {}) {
    super(next)
    this.#starter = new Starter({ ...options, kind: 'exporter', name: next.name, start: (context) => super.start(context) })
  }

  /** Resolves after the first try, whether it worked or not. */
  override start(context: Context): Promise<void> {
    return this.#starter.start(context)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const obstacle = await this.#starter.obstacle(context)
    return obstacle ? retry(obstacle, { scope: 'destination' }) : this.next.export(time, data, context)
  }

  override async stop(context: Context): Promise<void> {
    this.#starter.stop()
    await super.stop(context)
  }

  override health(): HealthStatus {
    return this.#starter.health() ?? super.health()
  }
}
