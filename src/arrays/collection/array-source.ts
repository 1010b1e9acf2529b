/** What collecting needs to know of an array, and of whoever keeps them. Any registry of arrays that has these serves. */
import type { Context } from '../../sdk.ts'
import type { AlertData, AlertingArray } from '../third-party/alert-data.ts'
import type { MetricData } from '../third-party/metric-data.ts'
import type { Trap } from '../traps/trap.ts'

/** The half-open span of time [startMs, endMs), in milliseconds since the epoch. */
export interface Span {
  readonly startMs: number
  readonly endMs: number
}

/** A registered array, and its driver. */
export interface ArraySource {
  readonly array: AlertingArray
  /** What it has measured in that time, in portions of any size. Rejects, or throws under way, where it cannot be had now. */
  measured(span: Span, context: Context): AsyncIterable<readonly MetricData[]>
  /** What it complains of, in that time or, without one, now. */
  alerts(span: Span | undefined, context: Context): Promise<readonly AlertData[]>
  /** The alert that a trap of it tells of, in the words of its maker; undefined where the driver does not know the trap. */
  alertOf?(trap: Trap): AlertData | undefined
  /** It cannot be reached now, so what it can tell is not known. */
  readonly away?: true
  /** How far back it can tell what it has measured. Default: only the last interval. */
  readonly retentionMs?: number
}

/** What is collected of an array, as it was asked for. */
export interface CollectionPlan {
  readonly intervalMs: number
  /** Collect what the array has kept from before, once. */
  readonly historic: boolean
}

/** Whoever knows the arrays. */
export interface ArrayRegistry {
  /** Every array of which is to be collected, with its plan. */
  plans(): Promise<readonly (CollectionPlan & { readonly id: string })[]>
  /** The ids of all arrays. */
  ids(): Promise<readonly string[]>
  /** The array of that id; undefined when there is none (any more). */
  source(id: string): Promise<ArraySource | undefined>
}
