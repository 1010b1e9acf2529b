import assert from 'node:assert/strict'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { errorOf, metrics, type Point, series, type WaybillError } from '../../sdk.ts'
import { execute, exporterTo, opened, rowsOf, temporaryPath } from './database.fixture.ts'

const load = series('load')
const batch = (first: number, count = 3) =>
  metrics(Array.from({ length: count }, (_, n): Point => ({ series: load, timeMs: first + n, value: first + n })))
const ok = { status: 'ok' }
const countOf = (path: string): unknown => rowsOf(path, 'SELECT count(*) AS points FROM metrics')[0]?.points

type Exporting = Awaited<ReturnType<typeof exporterTo>>

/** Sends a batch that has to come back because of the destination. */
async function sentBack({ exporter, send }: Exporting, message: RegExp, hint: RegExp): Promise<void> {
  const result = await send(batch(100))
  assert.ok(result.status === 'retry' && result.scope === 'destination', result.status)
  const error = result.error as WaybillError
  assert.equal(error.code, 'DESTINATION_UNAVAILABLE')
  assert.match(error.message, message)
  assert.match(error.hint ?? '', hint)
  assert.deepEqual(exporter.health(), { state: 'unhealthy', reason: error.explain() })
}

test('a database that another process has locked is tried again, and taken when the lock is gone', async (t) => {
  const exporting = await exporterTo(t, { busyTimeout: 5 })
  assert.deepEqual(await exporting.send(batch(0)), ok)
  const other = new DatabaseSync(exporting.path)
  other.exec('BEGIN IMMEDIATE')
  await sentBack(exporting, /database is locked/, /another process/)
  other.exec('ROLLBACK')
  other.close()
  assert.deepEqual(await exporting.send(batch(100)), ok)
  assert.deepEqual(exporting.exporter.health(), { state: 'healthy' })
  assert.equal(countOf(exporting.path), 6)
})

test('when the disk is full in the middle of a batch, nothing of it is there, and later ones are taken', async (t) => {
  const exporting = await exporterTo(t)
  assert.deepEqual(await exporting.send(batch(0)), ok)
  const pages = opened(exporting.path, (database) => Number(database.prepare('PRAGMA page_count').get()?.page_count))
  const { exec } = DatabaseSync.prototype
  t.mock.method(DatabaseSync.prototype, 'exec', function (this: DatabaseSync, sql: string) {
    exec.call(this, sql === 'BEGIN IMMEDIATE' ? `PRAGMA max_page_count = ${pages + 4}; ${sql}` : sql)
  })
  const result = await exporting.send(batch(1000, 5000))
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  const error = result.error as WaybillError
  assert.ok(error.message.includes(`${exporting.path}: database or disk is full`), error.message)
  assert.match(error.hint ?? '', /free some space/)
  assert.equal(countOf(exporting.path), 3)
  t.mock.restoreAll()
  assert.deepEqual(await exporting.send(batch(1000, 5000)), ok)
  assert.equal(countOf(exporting.path), 5003)
})

test('what was made for a batch that failed is forgotten: the next one makes it again', async (t) => {
  const exporting = await exporterTo(t)
  const { exec } = DatabaseSync.prototype
  const commit = t.mock.method(DatabaseSync.prototype, 'exec', function (this: DatabaseSync, sql: string) {
    if (sql === 'COMMIT' && rows++ > 0) throw Object.assign(new Error('disk I/O error'), { errcode: 778 })
    exec.call(this, sql)
  })
  let rows = 0
  await sentBack(exporting, /disk I\/O error/, /see that the disk works/)
  assert.ok(commit.mock.callCount() > 0)
  assert.deepEqual(rowsOf(exporting.path, 'SELECT name FROM sqlite_schema'), [])
  t.mock.restoreAll()
  assert.deepEqual(await exporting.send(batch(100)), ok)
  assert.equal(countOf(exporting.path), 3)
})

test('a record that no row can hold, or that the database refuses, is rejected alone', async (t) => {
  const { path, send } = await exporterTo(t)
  const points = [Number.NaN, 1, 1e17, 2, -1e14].map((timeMs) => ({ series: load, timeMs, value: 1 }))
  const result = await send(metrics([...points, { series: load, timeMs: 3, value: 13 }]))
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [0, 2, 4],
  )
  assert.match(String(errorOf(result)), /NaN ms since the epoch is no time/)
  execute(path, "CREATE TRIGGER t BEFORE INSERT ON metrics_points WHEN new.value = 13 BEGIN SELECT raise(ABORT, 'unlucky'); END")
  const refused = await send(
    metrics([
      { series: load, timeMs: 4, value: 13 },
      { series: load, timeMs: 5, value: 14 },
    ]),
  )
  assert.ok(refused.status === 'partial')
  assert.match(String(errorOf(refused)), /unlucky/)
  assert.equal(countOf(path), 4)

  const columns = (['int', 'int', 'real', 'string', 'bool', 'datetime', 'json'] as const).map((type, n) => ({ name: `c${n}`, type }))
  const good = [2n ** 63n - 1n, -1, 1, 'a', true, 0, {}]
  const circular: unknown[] = []
  circular.push(circular)
  const bad = [2n ** 63n, 0.5, 'x', 7, 1, 1e17, circular]
  const rows = [good, ...bad.map((cell, n) => good.with(n, cell as string)), good.slice(1), [...good, 1]]
  const cells = await send({ signal: 'rows', table: { name: 'cells', columns }, rows })
  assert.ok(cells.status === 'partial')
  assert.equal(cells.rejected.length, rows.length - 1)
  const messages = cells.rejected.map(({ error }) => error.message)
  assert.match(messages[0]!, /column c0 of type int: the bigint 9223372036854775808 is no integer of 64 bits/)
  assert.equal(rowsOf(path, 'SELECT * FROM cells').length, 1)
})

test('a trigger that rolls back takes nothing apart: the batch comes back whole', async (t) => {
  const exporting = await exporterTo(t)
  assert.deepEqual(await exporting.send(batch(0)), ok)
  execute(exporting.path, "CREATE TRIGGER t BEFORE INSERT ON metrics_points WHEN new.value = 101 BEGIN SELECT raise(ROLLBACK, 'no'); END")
  await sentBack(exporting, /: no$/, /see what the message says/)
  assert.equal(countOf(exporting.path), 3)
})

test('points go on when somebody has removed their series', async (t) => {
  const { path, send } = await exporterTo(t)
  assert.deepEqual(await send(batch(0)), ok)
  execute(path, 'PRAGMA foreign_keys = OFF; DELETE FROM metrics_points; DELETE FROM metrics_series')
  assert.equal((await send(batch(100))).status, 'retry')
  assert.deepEqual(await send(batch(100)), ok)
  assert.equal(countOf(path), 3)
})

test('a database that was moved away while it was open is begun anew at its path', async (t) => {
  const { path, send } = await exporterTo(t)
  assert.deepEqual(await send(batch(0)), ok)
  for (const file of ['', '-wal', '-shm']) await rename(path + file, `${path}.old${file}`)
  assert.deepEqual(await send(batch(0)), ok)
  assert.deepEqual(await send(batch(10)), ok)
  assert.equal(countOf(path), 6)
  assert.equal(countOf(`${path}.old`), 3)
})

async function cannotStart(exporting: Exporting, message: RegExp, hint: RegExp): Promise<void> {
  const { exporter } = exporting
  await assert.rejects(exporter.start(), (error: WaybillError) => {
    assert.equal(error.code, 'DESTINATION_UNAVAILABLE')
    assert.match(error.message, message)
    return true
  })
  assert.equal(exporter.health().state, 'unhealthy')
  await sentBack(exporting, message, hint)
}

test('a file that is no database is left as it is', async (t) => {
  const path = await temporaryPath(t)
  const letter = 'Dear Sir or Madam, '.repeat(100)
  await writeFile(path, letter)
  const exporting = await exporterTo(t, {}, path)
  await cannotStart(exporting, /test\.db: file is not a database/, /the file is something else/)
  assert.equal(await readFile(path, 'utf8'), letter)
  await rm(path)
  await exporting.exporter.start()
  assert.deepEqual(exporting.exporter.health(), { state: 'healthy' })
})

test('a folder that cannot be made is told', async (t) => {
  const path = await temporaryPath(t)
  await writeFile(path, '')
  await cannotStart(await exporterTo(t, {}, `${path}/below.db`), /test\.db/, /permission/)
})

/** Without the rights of root, for whom no folder is read-only. */
async function asNobody(t: TestContext, run: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return run()
  t.after(() => process.seteuid?.(0))
  process.seteuid?.(65534)
  await run()
  process.seteuid?.(0)
}

test('a folder or a file without permission is told, and used as soon as there is one', {
  skip: process.platform === 'win32',
}, async (t) => {
  const exporting = await exporterTo(t)
  const folder = dirname(exporting.path)
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o555)
  await asNobody(t, () => cannotStart(exporting, /unable to open database file/, /permission/))
  await chmod(folder, 0o777)
  execute(exporting.path, 'CREATE TABLE a (b)')
  await chmod(exporting.path, 0o444)
  await asNobody(t, () => cannotStart(exporting, /readonly database/, /permission/))
  await chmod(exporting.path, 0o666)
  await asNobody(t, async () => assert.deepEqual(await exporting.send(batch(0)), ok))
})

test('after a stop nothing is written, until the next start', async (t) => {
  const { path, exporter, send } = await exporterTo(t)
  await exporter.start()
  await exporter.stop()
  assert.deepEqual(exporter.health(), { state: 'stopped' })
  const result = await send(batch(0))
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  await exporter.start()
  assert.deepEqual(await send(batch(0)), ok)
  await exporter.flush()
  assert.equal(countOf(path), 3)
})
