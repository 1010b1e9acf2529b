/** What a database remembers of deliveries to tables whose rows have no identity, so that one that comes twice is written once. */
import { createHash } from 'node:crypto'
import type { Rejection } from '../../sdk.ts'
import type { TableRow, TableShape } from './table-shape.ts'

/** The table of it: a row for each delivery, or part of one, that is committed. */
export const deliveriesTable = 'waybill_deliveries'

/** Longer than a batch waits between two tries, unless the agent is not running. */
export const rememberedDays = 7

/** The same for every try of the same rows of one delivery, and for no others: part of a delivery goes by the same id. */
export function deliveryKey(deliveryId: string, { name }: TableShape, rows: readonly TableRow[]): string {
  const hash = createHash('sha256').update(name)
  for (const { values } of rows) hash.update(JSON.stringify(values, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)))
  return `${deliveryId}-${hash.digest('hex').slice(0, 16)}`
}

/** What was refused of a delivery, as text, to be answered again when it comes again. */
export const rejectionsText = (rejected: readonly Rejection[]): string =>
  JSON.stringify(rejected.flatMap((rejection) => ('index' in rejection ? [[rejection.index, rejection.error.message]] : [])))

export const rejectionsOf = (text: string): readonly Rejection[] =>
  (JSON.parse(text) as readonly (readonly [number, string])[]).map(([index, message]) => ({ index, error: new Error(message) }))
