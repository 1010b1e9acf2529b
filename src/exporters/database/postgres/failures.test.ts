import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createContext, type ExportResult, type WaybillError } from '../../../sdk.ts'
import { samplePoints } from '../../../testing/sample-points.ts'
import { DatabaseExporter, type DatabaseExporterOptions } from '../database.ts'
import { startFakePostgres } from './postgres.fixture.ts'

const load = <Module>(name: string): Promise<Module> => import(name)
const ok = { status: 'ok' }

async function exporting(t: TestContext, options: DatabaseExporterOptions = {}) {
  const server = await startFakePostgres()
  const exporter = new DatabaseExporter({ load, connectionString: server.connectionString, connectTimeout: 200, ...options })
  t.after(async () => {
    await exporter.stop({ signal: AbortSignal.timeout(500) })
    await server.close()
  })
  const send = (signal = new AbortController().signal) => exporter.export(new Date(0), samplePoints(3, 'x'), createContext({ signal }))
  return { server, exporter, send }
}

/** Fails unless the records come back because of the server, which the health tells too, without a secret. */
function sentBack(result: ExportResult, exporter: DatabaseExporter, message: RegExp, hint: RegExp): void {
  assert.ok(result.status === 'retry' && result.scope === 'destination', result.status)
  const error = result.error as WaybillError
  assert.equal(error.code, 'DESTINATION_UNAVAILABLE')
  assert.match(error.message, message)
  assert.match(error.hint ?? '', hint)
  assert.deepEqual(exporter.health(), { state: 'unhealthy', reason: error.explain() })
  assert.ok(!`${error.explain()} ${exporter.destination}`.includes('very-secret'))
}

test('refused, and there again', async (t) => {
  const { server, exporter, send } = await exporting(t)
  await server.close()
  sentBack(await send(), exporter, /cannot write to postgresql:\/\/127\.0\.0\.1:\d+\/telemetry: .*ECONNREFUSED/, /PostgreSQL is running/)
  await assert.rejects(exporter.start())
  await server.restart()
  assert.deepEqual(await send(), ok)
  assert.deepEqual(exporter.health(), { state: 'healthy' })
})

test('restarted, with connections waiting in the pool', async (t) => {
  const { server, exporter, send } = await exporting(t)
  assert.deepEqual(await send(), ok)
  await server.close()
  await server.restart()
  const result = await send()
  if (result.status !== 'ok') sentBack(result, exporter, /./, /./)
  assert.deepEqual(await send(), ok)
})

test('a host without an address', async (t) => {
  const { exporter, send } = await exporting(t, {
    connectionString: 'postgresql://me:very-secret@nowhere.invalid/db',
    connectTimeout: 5000,
  })
  sentBack(await send(), exporter, /nowhere\.invalid/, /spelling of the host/)
})

test('hanging: when it connects, and in the middle of a batch', async (t) => {
  const { server, exporter, send } = await exporting(t)
  server.manner = 'mute'
  sentBack(await send(), exporter, /timeout/, /raise connect_timeout/)
  server.manner = 'usual'
  assert.deepEqual(await send(), ok)
  server.manner = 'silent'
  const result = await send(AbortSignal.timeout(50))
  assert.ok(result.status === 'retry' && result.scope === undefined)
  assert.match(result.error.message, /aborted before it was committed/)
  server.manner = 'usual'
  assert.equal(server.rows('metrics_points').length, 3)
  assert.deepEqual(await send(), ok)
})

const refusals = {
  '28P01': [/password authentication failed for \[redacted\]/, /check the user and the password/],
  '3D000': [/database "telemetry" does not exist/, /create the database/],
  '53300': [/too many connections/, /max_overflow/],
  '57P03': [/the database system is starting up/, /coming up/],
} as const
const words = {
  '28P01': 'password authentication failed for very-secret',
  '3D000': 'database "telemetry" does not exist',
  '53300': 'sorry, too many connections',
  '57P03': 'the database system is starting up',
}
for (const [code, [message, hint]] of Object.entries(refusals))
  test(`not let in: ${code}`, async (t) => {
    const { server, exporter, send } = await exporting(t)
    server.manner = { refusal: { code, message: words[code as keyof typeof words] } }
    sentBack(await send(), exporter, message, hint)
    server.manner = 'usual'
    assert.deepEqual(await send(), ok)
  })

test('no TLS where it should be', async (t) => {
  const { exporter, send } = await exporting(t, { tls: {} })
  sentBack(await send(), exporter, /does not support SSL/, /speaks no TLS/)
})

test('what is wrong with the server in the middle of a batch is not the records’ fault', async (t) => {
  const { server, exporter, send } = await exporting(t)
  for (const [code, message, hint] of [
    ['53100', 'could not extend file: No space left on device', /free some space/],
    ['25006', 'cannot execute INSERT in a read-only transaction', /the one that is written to/],
    ['42501', 'permission denied for table metrics_points', /GRANT/],
    ['42P10', 'there is no unique or exclusion constraint matching', /primary key or unique index/],
    ['40P01', 'deadlock detected', /./],
  ] as const) {
    server.check = (table) => (table === 'metrics_points' ? [code, message] : undefined)
    sentBack(await send(), exporter, new RegExp(message.split(':')[0]!), hint)
  }
  assert.deepEqual(server.rows('metrics_points'), [])
  server.check = undefined
  assert.deepEqual(await send(), ok)
  assert.equal(server.rows('metrics_points').length, 3)
})

test('tables are looked at once, and again when the server disagrees', async (t) => {
  const { server, exporter, send } = await exporting(t)
  const looks = () => server.statements.filter((statement) => statement.startsWith('SELECT relkind')).length
  assert.deepEqual(await send(), ok)
  const once = looks()
  assert.deepEqual(await send(), ok)
  assert.equal(looks(), once)
  assert.equal(server.statements.filter((statement) => statement.startsWith('INSERT INTO "metrics_series"')).length, 1)
  server.check = () => ['42P01', 'relation "metrics_points" does not exist']
  sentBack(await send(), exporter, /does not exist/, /looked at again/)
  server.check = undefined
  assert.deepEqual(await send(), ok)
  assert.ok(looks() > once)
})

test('the package is loaded through its host, and told when it is missing', async () => {
  const missing = new Error('the package pg is not installed')
  const exporter = new DatabaseExporter({ connectionString: 'postgresql://localhost/db', load: () => Promise.reject(missing) })
  await assert.rejects(exporter.start(), /the package pg is not installed/)
  await exporter.stop()
})
