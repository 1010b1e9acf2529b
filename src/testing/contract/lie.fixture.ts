import type { EventExporter } from '../../core/exporter.ts'
import type { ExportResult } from '../../core/result.ts'
import type { Destination, Records } from './honest.fixture.ts'

/** A way not to keep to the contract, and the case that is there to notice. */
export interface Lie {
  readonly lie: string
  readonly caughtBy: string
  /** What the case says of it. */
  readonly as: RegExp
  make(destination: Destination): Partial<EventExporter<Records>>
  /** Gives back what the lie leaves behind. */
  end?(): void
}

/** An exporter that always answers so, whatever the types say. */
export const answering = (result: unknown): Partial<EventExporter<Records>> => ({ export: async () => result as ExportResult })
