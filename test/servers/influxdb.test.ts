/** The InfluxDB exporter, seen by InfluxDB itself. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type InfluxDB, startInfluxDB } from '../../scripts/servers/influxdb.ts'
import { JsonLinesEncoder } from '../../src/codecs/jsonl/jsonl.ts'
import { InfluxDBExporter, type InfluxDBExporterOptions } from '../../src/exporters/influxdb/influxdb.ts'
import { createContext, type MetricsBatch, metrics, ok, type Point, series } from '../../src/sdk.ts'
import { delivering } from './delivering.fixture.ts'
import { known, sendingAgent } from './sending-agent.fixture.ts'

const context = createContext()
const startMs = Date.UTC(2026, 10, 21, 1, 2, 3, 456)
let directory: string
let influxdb: InfluxDB

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-influxdb-'))
  influxdb = await startInfluxDB({ directory })
})

after(async () => {
  await influxdb?.stop()
  await rm(directory, { recursive: true, force: true })
})

/** An exporter to a new database of that name. */
async function exporterTo(database: string, options: Partial<InfluxDBExporterOptions> = {}): Promise<InfluxDBExporter> {
  await influxdb.query(`CREATE DATABASE "${database}"`)
  return new InfluxDBExporter({ url: influxdb.url, database, ...options })
}

/** Values of a hundred metrics, as many times as it takes, each value its own. */
const values = (count: number): MetricsBatch =>
  metrics(
    Array.from({ length: count }, (_, index): Point => {
      const row = Math.floor(index / 100)
      const labels = { host: `host ${row % 7}`, path: `C:\\disk,${row % 3}=ü` }
      return { series: series(`metric.${index % 100}`, labels), timeMs: startMs + row * 1000 + 0.001 * (index % 100), value: index / 8 }
    }),
  )

/** What is stored, as `metric host path time value`; of one measurement, or of each metric its own. */
async function stored(database: string, measurement?: string): Promise<string[]> {
  const found = await influxdb.query(`SELECT * FROM ${measurement ? `"${measurement}"` : '/.*/'} GROUP BY *`, database)
  return found.flatMap(({ name, tags, columns, values }) =>
    values.flatMap(([time, ...row]) =>
      row.flatMap((value, column) => {
        const metric = measurement ? columns[column + 1] : name
        return value === null ? [] : [`${metric} ${tags!.host} ${tags!.path} ${time} ${value}`]
      }),
    ),
  )
}

const expected = ({ points }: MetricsBatch): string[] =>
  points.map(({ series: { name, labels }, timeMs, value }) => {
    const { host, path } = Object.fromEntries(labels)
    const micros = BigInt(Math.floor(timeMs)) * 1000n + BigInt(Math.round((timeMs % 1) * 1000))
    return `${name} ${host} ${path} ${micros * 1000n} ${value}`
  })

for (const measurement of [undefined, 'system_metrics'])
  test(`002-13 10,000 points read back, each as it was: ${measurement ?? 'by metric'}`, async () => {
    const database = `many ${measurement ?? ''}`
    const exporter = await exporterTo(database, measurement === undefined ? {} : { measurement })
    const batch = values(10_000)
    assert.deepEqual(await exporter.export(new Date(), batch, context), ok)
    await exporter.stop(context)
    assert.deepEqual((await stored(database, measurement)).sort(), expected(batch).sort())
  })

test('I4 I5 commas, spaces, equals signs, backslashes and other letters come back as they were', async () => {
  const exporter = await exporterTo('names', { measurement: 'a, b=c "d" é' })
  const text = fc.array(fc.constantFrom(...'\\,= "\'né日😀{#/'), { minLength: 1, maxLength: 6 }).map((letters) => letters.join(''))
  const texts = [...fc.sample(text, 300), 'C:\\Program Files, x=y\\z', 'a\\,b\\=c\\ d'].map((text) => text.replace(/\\+$/, ''))
  const points = texts.map(
    (text, index): Point => ({
      series: series(`field ${index}=,"x\\y`, { [`key${text}`]: `value${text}` }),
      timeMs: startMs,
      value: index,
    }),
  )
  assert.deepEqual(await exporter.export(new Date(), metrics(points), context), ok)
  await exporter.stop(context)
  const found = await influxdb.query('SELECT * FROM /.*/ GROUP BY *', 'names')
  const read = found.flatMap(({ name, tags, columns, values: [row = []] }) => {
    const [[key, value] = []] = Object.entries(tags!).filter(([, value]) => value !== '')
    return row.flatMap((number, column) =>
      column === 0 || number === null ? [] : [`${name} | ${key} | ${value} | ${columns[column]} | ${number}`],
    )
  })
  const sent = texts.map((text, index) => `a, b=c "d" é | key${text} | value${text} | field ${index}=,"x\\y | ${index}`)
  assert.deepEqual(read.sort(), sent.sort())
})

test('I6 three bad points of a thousand: 997 are stored, three dead letters, and the books say so', async () => {
  for (const measurement of [undefined, 'system_metrics']) {
    const database = `bad ${measurement ?? ''}`
    const exporter = await exporterTo(database, measurement === undefined ? {} : { measurement })
    const seeded = measurement === undefined ? 'bad value=1i' : `${measurement} bad=1i`
    await fetch(`${influxdb.url}/write?db=${encodeURIComponent(database)}`, { method: 'POST', body: `${seeded} ${startMs}000000` })
    const { points } = values(1000)
    const bad = new Set([7, 500, 999])
    const batch = metrics(
      points.map((point, index) => (bad.has(index) ? { ...point, series: series('bad', Object.fromEntries(point.series.labels)) } : point)),
    )
    const { account, letters, buffer } = delivering(exporter)
    assert.deepEqual(await buffer.export(new Date(), batch, context), ok)
    await buffer.stop(context)
    const { accepted, delivered, deadLettered, pending, balanced } = account.figures()
    assert.deepEqual(
      { accepted, delivered, deadLettered, pending, balanced },
      { accepted: 1000, delivered: 997, deadLettered: 3, pending: 0, balanced: true },
    )
    const good = metrics(points.filter((_, index) => !bad.has(index)))
    const read = await stored(database, measurement)
    assert.deepEqual(read.filter((line) => !line.startsWith('bad ')).sort(), expected(good).sort())
    assert.equal(read.length, 998)
    const dead = letters.flatMap(({ points }) => points.map(({ value }) => value))
    assert.deepEqual(
      dead.sort((a, b) => Number(a) - Number(b)),
      [...bad].map((index) => index / 8),
    )
    for (const { reason } of letters) assert.match(reason, /field type conflict: input field/)
  }
})

test('002-35 10,000 known points, InfluxDB away for ten seconds: each is there once, as it was', async (t) => {
  await influxdb.query('CREATE DATABASE outage')
  const config = { url: influxdb.url, database: 'outage' }
  const agent = await sendingAgent(t, { directory, type: 'influxdb', config, signals: ['metrics'] })
  const batch = values(known)
  const records = new JsonLinesEncoder().lines(batch).map((line) => JSON.parse(line) as object)
  await agent.throughOutage({
    post: (from, until) => agent.post('/metrics', records.slice(from, until)),
    stop: () => influxdb.stop(),
    async start() {
      influxdb = await startInfluxDB({ directory, port: influxdb.port })
    },
  })
  assert.deepEqual((await stored('outage')).sort(), expected(batch).sort())
})

test('a database and a retention policy that are not there wait for somebody, or are made', async () => {
  const unknown = new InfluxDBExporter({ url: influxdb.url, database: 'not there' })
  const waiting = await unknown.export(new Date(), values(3), context)
  assert.ok(waiting.status === 'retry' && waiting.scope === 'destination')
  assert.match(waiting.error.message, /database not found.*; create the database, or set create_database$/)
  const making = new InfluxDBExporter({ url: influxdb.url, database: 'my "own" db', createDatabase: true, retentionPolicy: 'one week' })
  assert.deepEqual(await making.export(new Date(), values(3), context), ok)
  assert.equal((await influxdb.query('SELECT * FROM "one week"./.*/', 'my "own" db')).length, 3)
  const exporter = await exporterTo('policies', { retentionPolicy: 'none' })
  const refused = await exporter.export(new Date(), values(3), context)
  assert.ok(refused.status === 'retry' && refused.scope === 'destination')
  assert.match(refused.error.message, /create it, or check retention_policy$/)
})

test('002-12 002-38 a server that asks who writes is told, in a header', async () => {
  const guarded = await mkdtemp(join(tmpdir(), 'waybill-influxdb-'))
  const user = { username: 'admin', password: 'p&ss=w ör+d/' }
  const server = await startInfluxDB({ directory: guarded, user })
  try {
    await server.query('CREATE DATABASE "a&b"')
    const write = (password: string) =>
      new InfluxDBExporter({ url: server.url, database: 'a&b', username: 'admin', password }).export(new Date(), values(3), context)
    assert.deepEqual(await write(user.password), ok)
    assert.equal((await server.query('SELECT * FROM /.*/', 'a&b')).length, 3)
    const refused = await write('wrong')
    assert.ok(refused.status === 'retry' && refused.scope === 'destination')
    assert.match(refused.error.message, /answered 401: .*authorization failed.*; check username and password$/)
  } finally {
    await server.stop()
    await rm(guarded, { recursive: true, force: true })
  }
})
