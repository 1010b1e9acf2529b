import type { Component } from './component.ts'
import type { Context } from './context.ts'
import type { ExportResult } from './result.ts'
import type { Window } from './window.ts'

/**
 * Sends data that belongs to a time. Neither waits, retries, buffers nor counts: other exporters do, by holding this one.
 * It may be called again before it has answered. It must not change `data`. What it throws counts as `retry`.
 */
export interface Exporter<Time, T> extends Component {
  readonly name: string
  /** Where the data goes, for people: a path or an address, never with a secret in it. */
  readonly destination?: string
  /** Whether data of a time replaces what it exported for that time before: then it is given windows that are still open too. */
  readonly replaces?: boolean
  export(time: Time, data: T, context: Context): Promise<ExportResult>
}

/** Exports a `T` that holds at one instant. */
export type EventExporter<T> = Exporter<Date, T>

/** Exports a `T` computed over a window. */
export type ComputeExporter<T> = Exporter<Window, T>
