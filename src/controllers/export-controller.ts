import type { Duration } from '../core/duration.ts'

/** Joins a source and an exporter on a clock. */
export interface ExportController {
  readonly name: string
  /** Begins; false, with nothing changed, when it is running already or still stopping. Throws WaybillError `INVALID_DURATION`. */
  start(interval: Duration): boolean
  /** Ends; an export under way is finished first. It can be started again. */
  stop(): Promise<void>
}
