import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { createContext, metrics, series } from '../../sdk.ts'
import { exporterTo, rowsOf, temporaryPath } from './database.fixture.ts'
import plugin, { DatabaseExporter } from './database.ts'

const ok = { status: 'ok' }
const batch = metrics([{ series: series('system.cpu.load', { core: '0' }), timeMs: 0, value: 1 }])

test('one table_name is the table of everything, as long as that is one thing', async (t) => {
  const { path, send } = await exporterTo(t, { tableName: 'telemetry' })
  assert.deepEqual(await send({ signal: 'logs', records: [{ timeNs: 0n, body: 'a' }] }), ok)
  const result = await send(batch)
  assert.equal(result.status, 'reject')
  assert.match(String(result.status === 'reject' && result.error), /the table telemetry is for logs and cannot hold metrics/)
  assert.deepEqual(rowsOf(path, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"), [{ name: 'telemetry' }])
})

test('an empty batch makes nothing', async (t) => {
  const { path, exporter, send } = await exporterTo(t)
  await exporter.start()
  assert.deepEqual(await send(metrics([])), ok)
  assert.deepEqual(rowsOf(path, 'SELECT * FROM sqlite_schema'), [])
})

test('the plugin puts the database into the data directory, and tells where it is', async (t) => {
  const path = await temporaryPath(t)
  const dataDir = path.replace(/\.db$/, '')
  const host = { dataDir } as never
  const parsed = plugin.config?.parse({}) as never
  const exporter = plugin.create({ name: 'local', config: parsed, host })
  t.after(() => exporter.stop?.(createContext()))
  await exporter.start?.(createContext())
  assert.equal(exporter.name, 'local')
  assert.equal(exporter.destination, `${dataDir}/waybill.db`)
  assert.deepEqual(rowsOf(`${dataDir}/waybill.db`, 'PRAGMA journal_mode'), [{ journal_mode: 'wal' }])
})

test('synchronous says what a commit waits for', async (t) => {
  const { exec } = DatabaseSync.prototype
  const seen: unknown[] = []
  t.mock.method(DatabaseSync.prototype, 'exec', function (this: DatabaseSync, sql: string) {
    if (sql === 'COMMIT') seen.push(this.prepare('PRAGMA synchronous').get()?.synchronous)
    exec.call(this, sql)
  })
  for (const synchronous of ['normal', 'full'] as const) {
    seen.length = 0
    const { send } = await exporterTo(t, { synchronous })
    await send(batch)
    assert.equal(seen.at(-1), { normal: 1, full: 2 }[synchronous])
  }
})

test('a database in memory is written to like any other', async () => {
  const exporter = new DatabaseExporter({ connectionString: 'sqlite::memory:' })
  assert.deepEqual(await exporter.export(new Date(0), batch, createContext()), ok)
  assert.equal(exporter.destination, ':memory:')
  await exporter.stop()
})

test('options that cannot be used are named', () => {
  const refused = (options: object, expected: RegExp) =>
    assert.throws(
      () => new DatabaseExporter(options),
      (error: Error & { code?: string }) => error.code === 'INVALID_OPTION' && expected.test(error.message),
    )
  refused({ connectionString: 'mysql://me:secret@db/x' }, /databases of the type mysql are not supported; supported are sqlite:/)
  assert.throws(
    () => new DatabaseExporter({ connectionString: 'mysql://me:secret@db/x' }),
    (error) => !String(error).includes('secret'),
  )
  refused({ tableName: '' }, /must not be empty/)
  refused({ tableName: 'a\0b' }, /control characters/)
  refused({ tableName: 'sqlite_master' }, /belong to the database/)
  refused({ tableName: 'x'.repeat(64) }, /longer than 63 bytes/)
  refused({ columnMapping: { timestamp: 'at' } }, /names no metric/)
  refused({ columnMapping: { a: 'x', b: 'X' } }, /two columns would have the name X/)
  refused({ columnMapping: { a: 'core' }, labelColumns: ['core'] }, /two columns would have the name core/)
  refused({ labelColumns: ['Value'] }, /two columns would have the name Value/)
  refused({ labelColumns: ['a"b'] }, /a quote or a backslash/)
  refused({ busyTimeout: '2m' }, /not be longer than a minute/)
  refused({ poolSize: 0 }, /poolSize/)
  refused({ pool: 5 }, /pool/)
})
