import type { Context } from '../core/context.ts'

/** Facts that a diagnostic found: what JSON can say. */
export type DiagnosticDetails = Readonly<Record<string, unknown>>

/** Finds out something. What is wrong it throws. The context's signal aborts when nobody waits any more. */
export type DiagnosticRunner = (context: Context) => DiagnosticDetails | undefined | Promise<DiagnosticDetails | undefined>

export interface Diagnostic {
  /** Unique in its category. */
  readonly name: string
  /** One sentence. */
  readonly description: string
  readonly category: string
}

/** What a run of a diagnostic gave. */
export interface DiagnosticResult extends Diagnostic {
  /** UUID of version 7. */
  readonly id: string
  /** When it was done, as RFC 3339 in UTC. */
  readonly timestamp: string
  /** What is wrong; absent when nothing is. */
  readonly error?: string
  /** Absent when there are none, and with an error. */
  readonly details?: DiagnosticDetails
}

/** The results of all diagnostics, run together. */
export interface DiagnosticsRunReport {
  readonly application?: string
  /** When the run began, as RFC 3339 in UTC. */
  readonly startTime: string
  readonly results: readonly DiagnosticResult[]
}
