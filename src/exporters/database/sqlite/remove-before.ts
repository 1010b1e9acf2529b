import type { DatabaseSync } from 'node:sqlite'
import type { AgingTable } from '../database-client.ts'
import { quoted } from '../identifier.ts'

/** So many rows are looked at and removed in one transaction, in some ten milliseconds. */
const pieceRows = 5_000

/**
 * Removes up to `pieceRows` rows of before that time; how many. Where the key begins with the time these are the oldest. Otherwise they are
 * of the rows that were written first, since nothing but a look at every row would tell. Inside a transaction.
 */
export function removeBefore(database: DatabaseSync, { name, key, time }: AgingTable, before: string): number {
  const table = quoted(name)
  const at = quoted(time)
  const [known, oldest] =
    key[0] === time
      ? [key.map(quoted).join(', '), `SELECT ${key.map(quoted).join(', ')} FROM ${table} WHERE ${at} < ? ORDER BY ${at} LIMIT ${pieceRows}`]
      : ['rowid', `SELECT "row" FROM (SELECT rowid AS "row", ${at} AS "at" FROM ${table} ORDER BY rowid LIMIT ${pieceRows}) WHERE "at" < ?`]
  const { changes } = database.prepare(`DELETE FROM ${table} WHERE (${known}) IN (${oldest})`).run(before)
  return Number(changes)
}
