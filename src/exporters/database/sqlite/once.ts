import type { DatabaseSync } from 'node:sqlite'
import type { Rejection } from '../../../sdk.ts'
import { deliveriesTable, rejectionsOf, rejectionsText, rememberedDays } from '../delivered-once.ts'
import { quoted } from '../identifier.ts'

const table = quoted(deliveriesTable)
const now = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now'`

const create = `CREATE TABLE IF NOT EXISTS ${table} ("id" TEXT PRIMARY KEY, "time" TEXT NOT NULL, "rejected" TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ${quoted(`${deliveriesTable}_time`)} ON ${table} ("time")`

/**
 * Does `write` unless it was done under this key before, of which the answer may have been lost: then what it answered is given. Inside
 * the transaction of `write`, so that one is committed with the other.
 */
export function once(database: DatabaseSync, key: string, write: () => readonly Rejection[]): readonly Rejection[] {
  database.exec(create)
  const before = database.prepare(`SELECT "rejected" FROM ${table} WHERE "id" = ?`).get(key)
  if (before) return rejectionsOf(before.rejected as string)
  const rejected = write()
  database.prepare(`INSERT INTO ${table} VALUES (?, ${now}), ?)`).run(key, rejectionsText(rejected))
  database.exec(`DELETE FROM ${table} WHERE "time" < ${now}, '-${rememberedDays} days')`)
  return rejected
}
