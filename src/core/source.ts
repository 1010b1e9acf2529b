import type { Batch } from './batch.ts'
import type { Component } from './component.ts'
import type { Context } from './context.ts'
import type { ExportResult } from './result.ts'
import type { Window } from './window.ts'

/** Makes a `T` when asked. */
export interface ExportSource<T> extends Component {
  readonly name: string
  /** The `T` at that instant; undefined when there is nothing to export. */
  make(at: Date, context: Context): Promise<T | undefined> | T | undefined
}

/** Computes a `T` over a window. */
export interface ComputeSource<T> extends Component {
  readonly name: string
  /** Whether the window's data can be had: not before it is complete, and not once it is gone. */
  canCompute(window: Window): boolean
  /** The `T` over the window from samples `resolutionMs` apart; undefined when there is nothing to export. */
  compute(window: Window, resolutionMs: number, context: Context): Promise<T | undefined>
}

/** Hands a batch on. Awaiting it is both the acknowledgement and the backpressure: `ok` means that it is accepted. */
export type Emit = (batch: Batch) => Promise<ExportResult>

/** Takes batches that others send. */
export interface Receiver extends Component {
  readonly name: string
  /** Listens until stopped, handing on what arrives; resolves once it listens. */
  listen(emit: Emit, context: Context): Promise<void>
}

/** Changes batches on their way. */
export interface Processor extends Component {
  readonly name: string
  /** The batch to hand on; what is missing from it is counted as filtered by this processor. Must not change the batch it was given. */
  process(batch: Batch, context: Context): Batch | undefined | Promise<Batch | undefined>
}
