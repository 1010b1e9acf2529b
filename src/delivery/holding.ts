import { type HealthStatus, healthy } from '../core/component.ts'
import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import type { ExportResult } from '../core/result.ts'

/** An exporter that holds one other and shares its life: what exporters made of exporters have in common. */
export abstract class HoldingExporter<Time, T> implements Exporter<Time, T> {
  readonly name: string
  protected readonly next: Exporter<Time, T>

  constructor(next: Exporter<Time, T>) {
    this.name = next.name
    this.next = next
  }

  get destination(): string {
    return this.next.destination ?? ''
  }

  abstract export(time: Time, data: T, context: Context): Promise<ExportResult>

  async start(context: Context): Promise<void> {
    await this.next.start?.(context)
  }
  async flush(context: Context): Promise<void> {
    await this.next.flush?.(context)
  }
  async stop(context: Context): Promise<void> {
    await this.next.stop?.(context)
  }
  health(): HealthStatus {
    return this.next.health?.() ?? healthy
  }
}
