import type { Rejection } from '../../../sdk.ts'
import { deliveriesTable, rejectionsOf, rejectionsText, rememberedDays } from '../delivered-once.ts'
import { quoted } from '../identifier.ts'
import { literal } from './schema.ts'
import type { Session } from './session.ts'

const table = quoted(deliveriesTable)

/** The statements that make what `once` remembers with. */
export const createDeliveries = `CREATE TABLE IF NOT EXISTS ${table} (
  "id" text PRIMARY KEY,
  "time" timestamp with time zone NOT NULL DEFAULT now(),
  "rejected" text NOT NULL
); CREATE INDEX IF NOT EXISTS ${quoted(`${deliveriesTable}_time`)} ON ${table} ("time")`

/**
 * Does `write` unless it was done under this key before, of which the answer may have been lost: then what it answered is given. Inside
 * the transaction of `write`, so that one is committed with the other.
 */
export async function once(session: Session, key: string, write: () => Promise<readonly Rejection[]>): Promise<readonly Rejection[]> {
  const { rows } = await session.query(`SELECT "rejected" FROM ${table} WHERE "id" = ${literal(key)}`)
  if (rows[0]) return rejectionsOf(rows[0].rejected as string)
  const rejected = await write()
  await session.query(
    `INSERT INTO ${table} ("id", "rejected") VALUES (${literal(key)}, ${literal(rejectionsText(rejected))});
    DELETE FROM ${table} WHERE "time" < now() - interval '${rememberedDays} days'`,
  )
  return rejected
}
