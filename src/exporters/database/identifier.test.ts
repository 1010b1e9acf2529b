import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Batch, metrics, series } from '../../sdk.ts'
import { character } from '../../testing/character.fixture.ts'
import { exporterTo, rowsOf } from './database.fixture.ts'
import { firstRepeated, identifierOf, identifierProblem, quoted } from './identifier.ts'

const hostile = [
  'É',
  `${'x'.repeat(62)}🦖`,
  '"; DROP TABLE metrics_points; --',
  "'); DROP TABLE logs; --",
  'a"b',
  'a""',
  '"',
  "'",
  '--',
  '/*',
  ';',
  'sqlite_schema',
  'select',
  ' ',
  '',
  '?1',
  '$x',
  ':a',
  '\\',
  '[a]',
  '`a`',
  'é',
  '🦖',
  '\ud800',
  'a\0b',
  '\n',
]
const name = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: character, maxLength: 80 }), fc.string({ maxLength: 80 }))

/** As property names, halves of characters now and then come back from V8's JSON as other names: labels here have none. */
const wholeName = name.map((text) => text.toWellFormed())

/** Early versions of Node 24 read text only up to a NUL. */
const hexOf = (text: string) => Buffer.from(text).toString('hex').toUpperCase()

test('any name from the data becomes one that a table and a column can have, and that stays itself', () => {
  const database = new DatabaseSync(':memory:')
  fc.assert(
    fc.property(name, name, (table, column) => {
      const names = [identifierOf(table), identifierOf(column)] as const
      for (const usable of names) {
        assert.equal(identifierProblem(usable), undefined)
        assert.equal(identifierOf(usable), usable)
      }
      database.exec(`CREATE TABLE ${quoted(names[0])} (${quoted(names[1])})`)
      assert.deepEqual({ ...database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").get() }, { name: names[0] })
      assert.equal(database.prepare(`SELECT * FROM ${quoted(names[0])}`).columns()[0]?.name, names[1])
      database.exec(`DROP TABLE ${quoted(names[0])}`)
    }),
  )
  database.close()
})

test('a NUL is never part of a statement', () => {
  assert.throws(() => quoted('a\0b'), TypeError)
})

test('names that are the same but for their case are found', () => {
  assert.equal(firstRepeated(['a', 'b', 'A', 'B']), 'A')
  assert.equal(firstRepeated(['a', 'b', 'é', 'É']), undefined)
})

test('whatever stands in names, labels and cells is only ever data', async (t) => {
  const { path, send } = await exporterTo(t, { labelColumns: ["'", '); DROP TABLE x; --'] })
  let sent = 0
  await fc.assert(
    fc.asyncProperty(wholeName, wholeName, async (text, other) => {
      const timeMs = ++sent
      const labels = { [text]: other, "'": text }
      assert.deepEqual(await send(metrics([{ series: series(text, labels), timeMs, value: 1 }])), { status: 'ok' })
      assert.deepEqual(await send({ signal: 'logs', records: [{ timeNs: 0n, body: text }] }), { status: 'ok' })
      const table = { name: `t ${other}`, columns: [{ name: text, type: 'string' }] } as const
      const { status } = await send({ signal: 'rows', table, rows: [[text]] })
      assert.ok(status === 'ok' || status === 'reject', `${status}: only two tables that come to have one name are refused`)
      assert.deepEqual(rowsOf(path, 'SELECT hex(body) AS body FROM logs ORDER BY rowid DESC LIMIT 1'), [{ body: hexOf(text) }])
      const [point] = rowsOf(path, `SELECT hex(name) AS name, labels FROM metrics ORDER BY time DESC LIMIT 1`)
      assert.deepEqual([point?.name, JSON.parse(String(point?.labels))], [hexOf(text), labels])
    }),
    { numRuns: 150 },
  )
  assert.deepEqual(rowsOf(path, 'SELECT (SELECT count(*) FROM logs) AS logs, (SELECT count(*) FROM metrics) AS points'), [
    { logs: sent, points: sent },
  ])
  const made = rowsOf(path, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 't %'")
  assert.deepEqual(made.map(({ name }) => name).toSorted(), ['logs', 'metrics_points', 'metrics_series', 'sqlite_sequence'])
})

test('tables that only differ in what a name cannot have, and tables of other signals, are not mixed', async (t) => {
  const { send } = await exporterTo(t)
  const rows = (name: string, ...columns: string[]): Batch => ({
    signal: 'rows',
    table: { name, columns: columns.map((name) => ({ name, type: 'string' })) },
    rows: [columns.map(() => 'x')],
  })
  assert.equal((await send(rows('a\n', 'x'))).status, 'ok')
  for (const batch of [rows('a\t', 'x'), rows('LOGS', 'x'), rows('metrics_points', 'x'), rows('b', 'x', 'X'), rows('c')])
    assert.equal((await send(batch)).status, 'reject', JSON.stringify(batch))
})
