import type { Point, Rejection } from '../../sdk.ts'
import type { TableRow, TableShape } from './table-shape.ts'

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
  writeRows(table: TableShape, rows: readonly TableRow[]): Promise<readonly Rejection[]>
  /** Points in the long layout, a row each, to be read under the name `name`. */
  writePoints(name: string, points: readonly Point[]): Promise<readonly Rejection[]>
  /** Puts what was written on the device. */
  flush(): Promise<void>
  close(): Promise<void>
}
