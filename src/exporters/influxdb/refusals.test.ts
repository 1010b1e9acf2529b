import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { answering, context, now, startServer, stopping } from '../../http/server.fixture.ts'
import { createContext, type ExportResult, metrics, ok, type Point, series } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { startInfluxDB } from './influxdb.fixture.ts'
import { InfluxDBExporter } from './influxdb.ts'

/** So many gauges of one time. */
const points = (count: number): Point[] =>
  Array.from({ length: count }, (_, index) => ({
    series: series(`metric_${index % 50}`, { row: `${Math.floor(index / 50)}` }),
    timeMs: now.getTime(),
    value: index,
  }))

const rejectedOf = (result: ExportResult) => {
  assert.equal(result.status, 'partial', inspect(result))
  const rejected = result.status === 'partial' ? result.rejected : []
  return rejected.flatMap((rejection) => ('index' in rejection ? [rejection] : [])).sort((a, b) => a.index - b.index)
}

const versions = [
  [1, { database: 'a' }],
  [2, { org: 'o', bucket: 'b', token: 'hidden-token' }],
  [3, { database: 'a', token: 'hidden-token' }],
] as const

for (const [version, options] of versions)
  for (const measurement of [undefined, 'system_metrics'])
    test(`I6 version ${version}, ${measurement ?? 'by metric'}: three points of a thousand are refused by name, 997 are stored`, async (t) => {
      const influxdb = await startInfluxDB(t, { version })
      const bad = new Set([123, 500, 999])
      influxdb.refuse = ({ fields }) => (fields.some(([, value]) => bad.has(value as number)) ? `field type conflict` : undefined)
      const layout = measurement === undefined ? {} : { measurement }
      const exporter = stopping(t, new InfluxDBExporter({ url: influxdb.url, ...options, ...layout }))
      const result = await exporter.export(now, metrics(points(1000)), context)
      const rejected = rejectedOf(result)
      assert.deepEqual(
        rejected.map(({ index }) => index),
        [...bad],
      )
      for (const { error } of rejected) assert.match(error.message, /field type conflict/)
      assert.deepEqual(
        [...influxdb.stored.values()].sort((a, b) => Number(a) - Number(b)),
        points(1000)
          .map(({ value }) => value)
          .filter((value) => !bad.has(value as number)),
      )
      assert.ok(influxdb.writes.length <= 70, `${influxdb.writes.length} requests`)
      assert.deepEqual(exporter.health(), { state: 'healthy' })
    })

test('a field that is refused everywhere takes few requests', async (t) => {
  const influxdb = await startInfluxDB(t)
  influxdb.refuse = ({ fields }) => (fields.some(([key]) => key === 'metric_7') ? 'field type conflict' : undefined)
  const exporter = stopping(t, new InfluxDBExporter({ url: influxdb.url, database: 'a', measurement: 'm' }))
  const batch = metrics(points(5000))
  const rejected = rejectedOf(await exporter.export(now, batch, context))
  assert.equal(rejected.length, 100)
  assert.ok(rejected.every(({ index }) => batch.points[index]!.series.name === 'metric_7'))
  assert.equal(influxdb.stored.size, 4900)
  assert.ok(influxdb.writes.length <= 50, `${influxdb.writes.length} requests`)
})

test('more refused points than requests allow are told in turns', async (t) => {
  const influxdb = await startInfluxDB(t)
  influxdb.refuse = ({ fields }) => (Number(fields[0]![1]) % 2 === 1 ? 'points beyond retention policy' : undefined)
  const exporter = stopping(t, new InfluxDBExporter({ url: influxdb.url, database: 'a' }))
  const all = points(1000)
  let left = all
  let rejected = 0
  for (let turn = 0; left.length > 0; turn++) {
    assert.ok(turn < 10)
    const sent = influxdb.writes.length
    const result = await exporter.export(now, metrics(left), context)
    assert.ok(result.status === 'partial' && influxdb.writes.length - sent <= 256)
    rejected += rejectedOf(result).length
    left = result.retry.map((index) => left[index]!)
  }
  assert.deepEqual([rejected, influxdb.stored.size], [500, 500])
})

test('points that it cannot write are refused with those that the server does not take', async (t) => {
  const influxdb = await startInfluxDB(t)
  influxdb.refuse = ({ fields }) => (fields[0]![1] === 3 ? 'field type conflict' : undefined)
  const exporter = stopping(t, new InfluxDBExporter({ url: influxdb.url, database: 'a' }))
  const batch = points(6).map((point, index) => (index === 1 ? { ...point, value: Number.NaN } : point))
  assert.deepEqual(
    rejectedOf(await exporter.export(now, metrics(batch), context)).map(({ index }) => index),
    [1, 3],
  )
  await influxdb.close()
  const result = await exporter.export(now, metrics(batch), context)
  assert.ok(result.status === 'retry' && result.scope === 'destination')
})

test('a server that goes away half way has the rest tried again', async (t) => {
  const influxdb = await startInfluxDB(t)
  influxdb.refuse = ({ fields }) => (fields[0]![1] === 0 ? 'field type conflict' : undefined)
  influxdb.answerInstead = (_request, response) => influxdb.writes.length === 9 && Boolean(response.writeHead(503).end())
  const exporter = stopping(t, new InfluxDBExporter({ url: influxdb.url, database: 'a' }))
  const result = await exporter.export(now, metrics(points(100)), context)
  assert.ok(result.status === 'partial')
  assert.equal(influxdb.stored.size + result.rejected.length + result.retry.length >= 100, true)
  const again = await exporter.export(now, metrics(result.retry.map((index) => points(100)[index]!)), context)
  assert.equal(again.status, 'retry')
  influxdb.answerInstead = () => false
  assert.deepEqual(await exporter.export(now, metrics(result.retry.map((index) => points(100)[index]!)), context), ok)
  assert.equal(influxdb.stored.size, 99)
})

test('I9: what each status means, and what to do', async (t) => {
  const secrets = { username: 'me', password: 'hidden-password' }
  const cases: [status: number, body: string, meaning: string, told: RegExp][] = [
    [400, '{"error":"database is required"}', 'reject', /answered 400: {"error":"database is required"}$/],
    [401, '{"error":"authorization failed"}', 'retry destination', /check username and password$/],
    [403, '{"error":"not authorized"}', 'retry destination', /GRANT WRITE/],
    [404, '{"error":"database not found: \\"a\\""}', 'retry destination', /create the database, or set create_database$/],
    [413, '', 'too-large', /413/],
    [429, '', 'retry 7000', /429/],
    [500, '{"error":"timeout"}', 'retry 7000', /timeout/],
    [500, '{"error":"retention policy not found: x"}', 'retry destination', /create it, or check retention_policy$/],
    [503, '', 'retry 7000', /503/],
  ]
  for (const [status, body, meaning, told] of cases) {
    const { url } = await startServer(t, answering(status, { 'retry-after': status === 429 || status >= 500 ? '7' : '' }, body))
    const exporter = stopping(t, new InfluxDBExporter({ url, database: 'a', ...secrets }))
    const result = await exporter.export(now, metrics(points(2)), context)
    assert.ok('error' in result)
    const more = result.status === 'retry' ? (result.scope ?? result.afterMs) : ''
    assert.equal(`${result.status} ${more}`.trim(), meaning)
    assert.match(result.error.message, told)
    const health = exporter.health()
    assert.equal(health.state, meaning === 'retry destination' ? 'unhealthy' : 'healthy')
    if ('reason' in health) assert.equal(health.reason, result.error.message)
    assert.doesNotMatch(inspect([exporter, result, health], { depth: Number.POSITIVE_INFINITY, showHidden: true }), /hidden/)
  }
})

test('create_database: one that is not there is made, once asked for', async (t) => {
  const influxdb = await startInfluxDB(t)
  const queries: string[] = []
  let answer = '{"results":[{"statement_id":0}]}'
  influxdb.answerInstead = (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, influxdb.url)
    if (pathname === '/query') {
      queries.push(searchParams.get('q')!)
      return Boolean(response.writeHead(200).end(answer))
    }
    if (queries.length > 0 && !answer.includes('error')) return false
    return Boolean(response.writeHead(404).end('{"error":"database not found: \\"a\\""}'))
  }
  const options = { url: influxdb.url, database: 'my "db"', createDatabase: true }
  answer = '{"results":[{"statement_id":0,"error":"too many databases"}]}'
  const failing = stopping(t, new InfluxDBExporter(options))
  const refused = await failing.export(now, metrics(points(2)), context)
  assert.ok(refused.status === 'retry' && refused.scope === 'destination')
  assert.match(refused.error.message, /the database cannot be created: .*too many databases/)
  assert.equal(failing.health().state, 'unhealthy')
  answer = '{"results":[{"statement_id":0}]}'
  queries.length = 0
  const exporter = stopping(t, new InfluxDBExporter({ ...options, retentionPolicy: 'week' }))
  assert.deepEqual(await exporter.export(now, metrics(points(2)), context), ok)
  assert.deepEqual(await exporter.export(now, metrics(points(2)), context), ok)
  assert.deepEqual(queries, ['CREATE DATABASE "my \\"db\\"" WITH NAME "week"'])
})

test('002-35 I9: a server that hangs is left when the caller gives up, or after the timeout', async (t) => {
  const { url, requests } = await startServer(t, () => {})
  const exporter = stopping(t, new InfluxDBExporter({ url, database: 'a', timeout: '10s' }))
  const impatient = new AbortController()
  const exporting = exporter.export(now, metrics(points(2)), { ...context, signal: impatient.signal })
  while (requests.length === 0) await new Promise(setImmediate)
  impatient.abort()
  const given = await exporting
  assert.ok(given.status === 'retry' && given.scope === undefined)
  const clock = new ManualClock()
  const waiting = exporter.export(now, metrics(points(2)), createContext({ clock }))
  while (requests.length === 1) await new Promise(setImmediate)
  await clock.advance(10_000)
  const late = await waiting
  assert.ok(late.status === 'retry' && late.scope === 'destination')
  const health = exporter.health()
  assert.ok(health.state === 'unhealthy' && /^no answer from .*\/write within 10s/.test(health.reason))
})
