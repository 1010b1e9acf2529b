import type { Point, Rejection } from '../../sdk.ts'
import type { TableRow, TableShape } from './table-shape.ts'

/** What a client is told beside the rows. */
export interface WriteCall {
  /** Aborted when nobody waits any more: what is not committed by then is not written. */
  readonly signal: AbortSignal
  /** The same for every try of one delivery, where there is a buffer that gives it one. */
  readonly deliveryId: string | undefined
}

/** A table whose rows become old. */
export type AgingTable = Pick<TableShape, 'name' | 'key'> & { readonly time: string }

/**
 * One database of one dialect: what has to be written anew for another. It makes tables and columns that are missing, never
 * drops any, and each call is written as a whole or not at all.
 *
 * Every method rejects with WaybillError `DESTINATION_UNAVAILABLE` when the database cannot be used now. Records that it will
 * never take are told by their indexes, and the others are written.
 */
export interface DatabaseClient {
  /** For people: a path or an address, never with a secret in it. */
  readonly location: string
  /** Connects, unless it is connected. Writing does so too, but not once it was closed. */
  open(): Promise<void>
  writeRows(table: TableShape, rows: readonly TableRow[], call: WriteCall): Promise<readonly Rejection[]>
  /** Points in the long layout, a row each, to be read under the name `name`. */
  writePoints(name: string, points: readonly Point[], call: WriteCall): Promise<readonly Rejection[]>
  /** Removes rows of before that time, RFC 3339 text, until `signal` aborts. Resolves to false where there are more than a call removes. */
  removeBefore(table: AgingTable, before: string, signal: AbortSignal): Promise<boolean>
  /** Puts what was written on the device. */
  flush(): Promise<void>
  /** What is under way is waited for until `signal` aborts. */
  close(signal: AbortSignal): Promise<void>
}
