/** The exporter database, in an agent of its own and by itself, by what psql reads from PostgreSQL. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startPostgres } from '../../scripts/servers/postgres.ts'
import { DatabaseExporter, type DatabaseExporterOptions } from '../../src/exporters/database/database.ts'
import { BufferedExporter, batchRecords } from '../../src/index.ts'
import { createContext } from '../../src/sdk.ts'
import { exporterContract, identifyPoints, identityLabel, ManualClock, samplePoints } from '../../src/testing/index.ts'
import { password, TestPostgres } from './postgres.fixture.ts'
import { known, sendingAgent } from './sending-agent.fixture.ts'

const startMs = Date.UTC(2026, 10, 21, 1, 2, 3)
const ok = { status: 'ok' }
const postgres = new TestPostgres()

const at = (index: number) => new Date(startMs + index).toISOString()
const odd = 'quote " \' backslash \\ \\N \\. newline \n tab \t é 日本 😀'

const records = {
  points: Array.from({ length: known }, (_, index) => ({
    ...{ time: at(index), name: `metric.${index % 10}`, value: index / 8, labels: { index: String(index), odd } },
  })),
  logs: Array.from({ length: known }, (_, index) => ({ time: at(index), body: `line ${index} ${odd}`, attributes: { index, odd } })),
  rows: Array.from({ length: known }, (_, index) => ({ pod: `pod ${index} ${odd}`, cost: index / 8, start: at(index) })),
  traces: Array.from({ length: known }, (_, index) => ({
    traceId: index.toString(16).padStart(32, '0'),
    spanId: index.toString(16).padStart(16, '0'),
    ...{ name: `span ${odd}`, startTime: at(index), endTime: at(index + 5) },
  })),
}

test('003-29 F11: 10,000 known points, logs, rows and spans each, PostgreSQL away for ten seconds: each is there, as it was, once', async (t) => {
  const { database, connectionString } = await postgres.freshDatabase()
  const agent = await sendingAgent(t, { directory: postgres.directory, type: 'database', config: { connection_string: connectionString } })
  await agent.throughOutage({
    async post(from, until) {
      await agent.post('/metrics', records.points.slice(from, until))
      await agent.post('/logs', records.logs.slice(from, until))
      await agent.post('/rows?table=costs&columns=pod:string,cost:real,start:datetime', records.rows.slice(from, until))
      await agent.post('/traces', records.traces.slice(from, until))
    },
    each: 4,
    stop: () => postgres.server.stop(),
    start: () => postgres.start(),
  })

  const utc = (time: string) => time.replace(/(\.\d+)?\+00:00$/, (_, fraction = '.') => `${fraction.padEnd(4, '0')}Z`)
  const points = await postgres.rows('SELECT name, time, value, labels FROM metrics ORDER BY time', database)
  assert.deepEqual(
    points.map(({ time, ...point }) => ({ time: utc(time), ...point })),
    records.points,
  )
  const logs = await postgres.rows('SELECT time, body, attributes FROM logs ORDER BY time', database)
  assert.deepEqual(
    logs.map(({ time, ...log }) => ({ time: utc(time), ...log })),
    records.logs,
  )
  const costs = await postgres.rows('SELECT * FROM costs ORDER BY start', database)
  assert.deepEqual(
    costs.map(({ start, ...cost }) => ({ ...cost, start: utc(start) })),
    records.rows,
  )
  const spans = await postgres.rows('SELECT trace_id, span_id, name, start_time, end_time FROM spans ORDER BY start_time', database)
  assert.deepEqual(
    spans.map((span) => ({
      ...{ traceId: span.trace_id, spanId: span.span_id, name: span.name },
      ...{ startTime: utc(span.start_time), endTime: utc(span.end_time) },
    })),
    records.traces,
  )
  assert.ok(!agent.output().includes(password) && !agent.output().includes(encodeURIComponent(password)))
})

for (const { name, run } of exporterContract(async () => {
  const { database, connectionString } = await postgres.freshDatabase()
  return {
    exporter: new DatabaseExporter({ connectionString, labelColumns: [identityLabel] }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: () => postgres.server.query(`SELECT ${identityLabel} FROM metrics`, database),
    breakDestination: async () => {
      await postgres.server.query(`DROP DATABASE ${database} WITH (FORCE)`)
    },
    refuseSome: async () => {
      const another = new DatabaseExporter({ connectionString })
      await another.export(new Date(0), samplePoints(1, 'made the table'), createContext())
      await another.stop()
      await postgres.server.query('ALTER TABLE metrics_points ADD CHECK (value::bigint % 2 = 0) NOT VALID', database)
    },
  }
}))
  test(`database, PostgreSQL: ${name}`, run)

test('003-30 F11: there are never more connections than pool_size and max_overflow', async (t) => {
  const { exporter, send, sql } = await postgres.exporting(t, { poolSize: 2, maxOverflow: 1, tableName: 'many' })
  await exporter.start()
  const open = async () =>
    Number((await sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'waybill' AND datname = current_database()"))[0])
  let most = 0
  const sending = Promise.all(Array.from({ length: 12 }, (_, n) => send(samplePoints(2000, `pool ${n}`))))
  const watching = (async () => {
    for (let done = false; !done; most = Math.max(most, await open()))
      done = await Promise.race([sending.then(() => true), pause(5, false)])
  })()
  for (const result of await sending) assert.deepEqual(result, ok)
  await watching
  assert.equal(most, 3)
  assert.deepEqual(await sql('SELECT count(*) FROM many'), ['24000'])
})

test('003-30 F11: so much is put together as batch_size says, and a part of it goes after batch_timeout and at shutdown', async (t) => {
  const { exporter, sql } = await postgres.exporting(t, { tableName: 'batched' })
  const clock = new ManualClock()
  const context = createContext({ clock })
  const buffer = new BufferedExporter(exporter, { batchSize: 1000, flushInterval: '60s', records: batchRecords })
  await buffer.start(context)
  const stored = async () =>
    (await sql("SELECT to_regclass('batched')"))[0] === '' ? 0 : Number((await sql('SELECT count(*) FROM batched'))[0])
  const becomes = async (count: number) => {
    for (const deadline = Date.now() + 10_000; (await stored()) < count && Date.now() < deadline; ) await pause(20)
    assert.equal(await stored(), count)
  }
  const send = async (count: number) =>
    assert.deepEqual(await buffer.export(new Date(0), samplePoints(count, String(Math.random())), context), ok)
  for (const count of [600, 399]) await send(count)
  await pause(100)
  assert.equal(await stored(), 0)
  await send(1)
  await becomes(1000)
  await send(7)
  await clock.advance(60_000)
  await becomes(1007)
  await send(5)
  await buffer.stop(context)
  assert.equal(await stored(), 1012)
})

test('TLS: a certificate that is trusted, one that is not, and none', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-postgres-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
  execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
  const server = await startPostgres({ directory: folder, password: 'very-secret', tls: { key, cert } })
  t.after(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })
  const send = async (options: Partial<DatabaseExporterOptions>) => {
    const exporter = new DatabaseExporter({ connectionString: server.connectionString, ...options })
    t.after(() => exporter.stop())
    return exporter.export(new Date(0), samplePoints(1, String(Math.random())), createContext())
  }
  assert.deepEqual(await send({ tls: { ca: await readFile(cert, 'utf8') } }), ok)
  assert.deepEqual(await send({}), ok)
  const untrusted = await send({ connectionString: `${server.connectionString}?sslmode=require` })
  assert.ok(untrusted.status === 'retry' && untrusted.scope === 'destination')
  assert.match(untrusted.error.message, /self-signed certificate/)
  const wrong = await send({ connectionString: server.connectionString.replace('very-secret', 'wrong-secret') })
  assert.ok(wrong.status === 'retry' && wrong.scope === 'destination')
  assert.match(wrong.error.message, /password authentication failed for user "postgres"$/)
})
