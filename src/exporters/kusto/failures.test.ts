/** What becomes of a batch when the cluster cannot take it. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { serverTls, startServer } from '../../http/server.fixture.ts'
import { createContext, type ExportResult, ok, type RowsBatch, WaybillError } from '../../sdk.ts'
import { Cluster, kustoError, token } from './cluster.fixture.ts'
import { KustoExporter, type KustoExporterOptions } from './kusto.ts'

const at = new Date(0)
const context = createContext()
const batch: RowsBatch = { signal: 'rows', table: { name: 't', columns: [{ name: 'a', type: 'string' }] }, rows: [['x'], ['y']] }

async function serving(t: TestContext, options: Partial<KustoExporterOptions> = {}) {
  const cluster = await Cluster.start()
  t.after(() => cluster.close())
  return { cluster, exporter: to(t, cluster.url, options) }
}

function to(t: TestContext, cluster: string, options: Partial<KustoExporterOptions> = {}): KustoExporter {
  const load = (name: string) => import(name)
  const exporter = new KustoExporter({ cluster, database: 'telemetry', auth: { type: 'token', token }, load, ...options })
  t.after(() => exporter.stop())
  return exporter
}

/** The text of what it says, in which the token is not. */
function told(result: ExportResult): string {
  assert.ok(result.status === 'retry' || result.status === 'reject', inspect(result))
  assert.ok(result.error instanceof WaybillError, inspect(result))
  assert.ok(!inspect(result, { depth: 9, showHidden: true }).includes(token), 'the result holds the token')
  return result.error.explain()
}

for (const createTables of [true, false])
  for (const [status, says] of [
    [401, /answered 401.*check auth, and the clock/],
    [403, /answered 403.*let this identity have the roles Database Ingestor/],
    [404, /answered 404.*check the address of the cluster/],
    [500, /answered 500.*see that the cluster runs/],
    [503, /answered 503/],
  ] as const)
    test(`${status}, ${createTables ? 'when the table is made' : 'when resources are asked for'}: the batch waits, and is taken in once`, async (t) => {
      const { cluster, exporter } = await serving(t, { createTables })
      cluster.tables.set('t', { columns: new Map([['a', 'string']]), rows: [] })
      cluster.misbehave({ status, body: '{}' })
      const result = await exporter.export(at, batch, context)
      assert.match(told(result), says)
      assert.ok(result.status === 'retry' && result.scope === 'destination')
      assert.equal(exporter.health().state, 'unhealthy')
      cluster.misbehave(undefined)
      assert.deepEqual([await exporter.export(at, batch, context), exporter.health()], [ok, { state: 'healthy' }])
      assert.deepEqual(cluster.tables.get('t')!.rows, [{ a: 'x' }, { a: 'y' }])
    })

test('429 on a command: the batch waits', async (t) => {
  const { cluster, exporter } = await serving(t)
  cluster.misbehave({ status: 429, headers: { 'retry-after': '7' } })
  const result = await exporter.export(at, batch, context)
  assert.match(told(result), /429.*fewer commands/)
  assert.ok(result.status === 'retry' && result.scope === 'destination' && result.afterMs === 7000)
})

test('400: a table that cannot be is rejected, a database that is not there yet is waited for', async (t) => {
  const { cluster, exporter } = await serving(t)
  cluster.misbehave(kustoError(400, 'BadRequest_SyntaxError', 'Syntax error: a column has no such name'))
  const rejected = await exporter.export(at, batch, context)
  assert.match(told(rejected), /answered 400 BadRequest_SyntaxError: Syntax error.*names of tables and columns/)
  assert.equal(rejected.status, 'reject')
  cluster.misbehave(kustoError(400, 'BadRequest_EntityNotFound', "Entity ID 'telemetry' of kind 'Database' was not found."))
  assert.equal((await exporter.export(at, batch, context)).status, 'retry')
})

test('a storage account that does not let the file in: the batch waits, and nothing is queued', async (t) => {
  const { cluster, exporter } = await serving(t, { createTables: false })
  cluster.tables.set('t', { columns: new Map([['a', 'string']]), rows: [] })
  assert.deepEqual(await exporter.export(at, batch, context), ok)
  cluster.misbehave({ status: 413 })
  assert.match(told(await exporter.export(at, batch, context)), /Failed to upload to blob.*\*\.blob and \*\.queue/)
  assert.equal(cluster.messages.length, 1)
})

test('refused, cut off and restarted: the batch waits, and is taken in once', async (t) => {
  const { cluster, exporter } = await serving(t)
  cluster.misbehave('cut')
  assert.match(told(await exporter.export(at, batch, context)), /cannot send to/)
  await cluster.close()
  assert.match(told(await exporter.export(at, batch, context)), /ECONNREFUSED.*see that the server is running/)
  const again = await Cluster.start({ port: cluster.port })
  t.after(() => again.close())
  assert.deepEqual(await exporter.export(at, batch, context), ok)
  assert.equal(again.tables.get('t')!.rows.length, 2)
})

test('a cluster that hangs is left when nobody waits any more, and what was left puts nothing into the queue later', async (t) => {
  const { cluster, exporter } = await serving(t)
  assert.deepEqual(await exporter.export(at, batch, context), ok)
  cluster.misbehave('hang')
  const leaving = new AbortController()
  const before = cluster.requests.length
  const exporting = exporter.export(at, batch, createContext({ signal: leaving.signal }))
  while (cluster.requests.length === before) await new Promise(setImmediate)
  leaving.abort()
  assert.equal((await exporting).status, 'retry')
  cluster.misbehave(undefined)
  assert.deepEqual(await exporter.export(at, batch, context), ok)
  assert.equal(cluster.messages.length, 2)
})

test('a host that is not there, and one that cannot show who it is', async (t) => {
  const server = await startServer(t, undefined, { tls: serverTls })
  assert.match(told(await to(t, server.url).export(at, batch, context)), /certificate/)
  assert.match(told(await to(t, 'http://waybill.invalid').export(at, batch, context)), /(ENOTFOUND|EAI_AGAIN).*check the spelling/)
})

test('a package that is missing is told with what installs it', async (t) => {
  const missing = new WaybillError('PACKAGE_MISSING', 'the package azure-kusto-ingest is not installed', { hint: 'run: npm install …' })
  const exporter = to(t, 'http://127.0.0.1:1', { load: async () => Promise.reject(missing) })
  await assert.rejects(exporter.start(), missing)
  assert.match(told(await exporter.export(at, batch, context)), /azure-kusto-ingest is not installed; run: npm install/)
})
