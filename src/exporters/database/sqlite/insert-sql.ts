import { quoted } from '../identifier.ts'
import type { TableShape } from '../table-shape.ts'

/** The statement that writes one row of the table, over the one with the same key where the table has a key. */
export function insertSql({ name, columns, key, repeated = 'replace' }: TableShape): string {
  const names = columns.map((column) => quoted(column.name))
  const insert = `INSERT INTO ${quoted(name)} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`
  if (key.length === 0) return insert
  const updates = columns
    .filter((column) => !key.includes(column.name))
    .map((column) => quoted(column.name))
    .map((to) => `${to} = ${repeated === 'merge' ? `coalesce(excluded.${to}, ${quoted(name)}.${to})` : `excluded.${to}`}`)
  return `${insert} ON CONFLICT (${key.map(quoted).join(', ')}) DO UPDATE SET ${updates.join(', ')}`
}
