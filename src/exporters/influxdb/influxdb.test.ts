import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { context, now, pem, serverTls, startServer, stopping } from '../../http/server.fixture.ts'
import { type Describe, metrics, ok, type Point, type PointValue, resource, series } from '../../sdk.ts'
import { createTestHost } from '../../testing/test-host.ts'
import { startInfluxDB } from './influxdb.fixture.ts'
import plugin, { InfluxDBExporter, type InfluxDBExporterOptions } from './influxdb.ts'

const point = (name: string, value: PointValue, labels: Record<string, string> = {}, describe: Describe = {}): Point => ({
  series: series(name, labels, describe),
  timeMs: now.getTime(),
  value,
})
const sample = metrics([point('CPU Total %', 42.5), point('RAM used', 3e9)])

test('002-13: lines with nanoseconds to /write, answered 204', async (t) => {
  const { url, requests, writes } = await startInfluxDB(t)
  const exporter = stopping(t, new InfluxDBExporter({ url, database: 'cubestat' }))
  assert.deepEqual(await exporter.export(now, sample, context), ok)
  const { method, url: path, headers } = requests[0]!
  assert.deepEqual([method, path], ['POST', '/write?db=cubestat&precision=ns'])
  assert.equal(headers['content-type'], 'text/plain; charset=utf-8')
  assert.equal(headers['content-encoding'], 'gzip')
  assert.deepEqual(writes, [['CPU\\ Total\\ % value=42.5 1785666180000000000', 'RAM\\ used value=3000000000 1785666180000000000']])
})

test('002-11 I11: with a measurement, one line with all fields of a tag set', async (t) => {
  const { url, writes } = await startInfluxDB(t)
  const exporter = stopping(t, new InfluxDBExporter({ url, database: 'cubestat', measurement: 'system_metrics', tags: { host: 'web 1' } }))
  const cores = ['0', '1'].map((core) => point('load', Number(core), { core }))
  assert.deepEqual(await exporter.export(now, metrics([...sample.points, ...cores]), context), ok)
  assert.deepEqual(writes, [
    [
      'system_metrics,host=web\\ 1 CPU\\ Total\\ %=42.5,RAM\\ used=3000000000 1785666180000000000',
      'system_metrics,core=0,host=web\\ 1 load=0 1785666180000000000',
      'system_metrics,core=1,host=web\\ 1 load=1 1785666180000000000',
    ],
  ])
})

test('002-12 I1 I2: user name and password go in a header, names in the query are encoded', async (t) => {
  const { url, requests } = await startInfluxDB(t)
  const options = { url, database: 'a&b=c/ü', retentionPolicy: 'one week', username: 'me', password: 'p&ss wörd' }
  assert.deepEqual(await stopping(t, new InfluxDBExporter(options)).export(now, sample, context), ok)
  const { url: path, headers } = requests[0]!
  const { searchParams } = new URL(path, url)
  assert.deepEqual(
    [...searchParams],
    [
      ['db', options.database],
      ['precision', 'ns'],
      ['rp', options.retentionPolicy],
    ],
  )
  assert.equal(headers.authorization, `Basic ${Buffer.from('me:p&ss wörd').toString('base64')}`)
})

test('I10: what a configuration says of the user reaches the server', async (t) => {
  const { url, requests } = await startInfluxDB(t)
  const config = plugin.config!.parse({ url, database: 'a', username: 'me', password: 'hidden', headers: { 'X-Key': 'hidden-too' } })
  assert.doesNotMatch(JSON.stringify(config), /hidden/)
  const exporter = plugin.create({ name: 'metrics', config: config as never, host: createTestHost() })
  assert.equal(exporter.name, 'metrics')
  assert.deepEqual(await exporter.export(now, sample, context), ok)
  await exporter.stop!(context)
  assert.equal(requests[0]!.headers.authorization, `Basic ${Buffer.from('me:hidden').toString('base64')}`)
  assert.equal(requests[0]!.headers['x-key'], 'hidden-too')
  assert.deepEqual(plugin.signals, ['metrics'])
})

test('I3: an address with a slash at its end, and with a path', async (t) => {
  const { url, requests } = await startServer(t)
  for (const [address, path] of [
    [`${url}/`, '/write'],
    [`${url}/influx//`, '/influx/write'],
    [`${url}/influx`, '/influx/write'],
  ] as const) {
    await stopping(t, new InfluxDBExporter({ url: address, database: 'a' })).export(now, sample, context)
    assert.equal(requests.at(-1)!.url, `${path}?db=a&precision=ns`)
  }
})

test('I4 I5: whatever is in a name, a tag or a field, the server reads it', async (t) => {
  for (const version of [1, 3] as const) {
    const { url, stored } = await startInfluxDB(t, { version })
    const tags = { 'a,b =c': 'd,e =f\\g', path: 'C:\\Program Files\\, D:', empty: '', 日本: '日, 本' }
    const options = { url, version, database: 'a', measurement: 'm,n o', tags }
    const result = await stopping(t, new InfluxDBExporter(options)).export(
      now,
      metrics([point('k=v \\x', 1, { 'line\nend': 'a\nb' })]),
      context,
    )
    assert.deepEqual(result, ok)
    assert.deepEqual(
      [...stored],
      [['m,n o,a,b =c=d,e =f\\g,line\\nend=a\\nb,path=C:\\Program Files\\, D:,日本=日, 本 k=v \\x 1785666180000000000', 1]],
    )
  }
})

test('I6: what InfluxDB has no number for is refused by itself, and the rest written', async (t) => {
  const { url, writes } = await startInfluxDB(t)
  const exporter = stopping(t, new InfluxDBExporter({ url, database: 'a' }))
  const batch = metrics([point('a', Number.NaN), point('b', 1), point('c', Number.POSITIVE_INFINITY)])
  const result = await exporter.export(now, batch, context)
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && [rejection.index, rejection.error.message]),
    [0, 2].map((index) => [index, 'line protocol has neither NaN nor an infinity']),
  )
  assert.deepEqual(result.retry, [])
  assert.deepEqual(writes, [['b value=1 1785666180000000000']])
  assert.equal((await exporter.export(now, metrics([point('a', Number.NaN)]), context)).status, 'partial')
  assert.equal(writes.length, 1)
})

test('the end of a series is no value, and nothing is refused', async (t) => {
  const { url, writes } = await startInfluxDB(t)
  const exporter = stopping(t, new InfluxDBExporter({ url, database: 'a' }))
  const ended: Point = { ...point('a', Number.NaN), stale: true }
  assert.deepEqual(await exporter.export(now, metrics([ended, point('b', 1)]), context), ok)
  assert.deepEqual(await exporter.export(now, metrics([ended]), context), ok)
  assert.deepEqual(await exporter.export(now, metrics([]), context), ok)
  assert.equal(writes.flat().length, 1)
})

test('I7: nanoseconds are exact', async (t) => {
  const { url, writes } = await startInfluxDB(t)
  const exporter = stopping(t, new InfluxDBExporter({ url, database: 'a' }))
  await exporter.export(now, metrics([{ ...point('a', 1), timeMs: 1750693377.593887 * 1000 }]), context)
  assert.deepEqual(writes, [['a value=1 1750693377593887000']])
})

test('I11: version 2 has an organization, a bucket and a token', async (t) => {
  const { url, requests, stored } = await startInfluxDB(t, { version: 2 })
  const exporter = stopping(t, new InfluxDBExporter({ url, org: 'my org', bucket: 'metrics', token: 't0ken==' }))
  assert.deepEqual(await exporter.export(now, sample, context), ok)
  assert.equal(requests[0]!.url, '/api/v2/write?org=my+org&bucket=metrics&precision=ns')
  assert.equal(requests[0]!.headers.authorization, 'Token t0ken==')
  assert.equal(stored.size, 2)
})

test('version 3 has a database and a token, or none', async (t) => {
  const { url, requests } = await startInfluxDB(t, { version: 3 })
  for (const [options, authorization] of [
    [{ token: 'apiv3_x' }, 'Bearer apiv3_x'],
    [{ version: 3 }, undefined],
  ] as const) {
    const exporter = stopping(t, new InfluxDBExporter({ url, database: 'a', ...options }))
    assert.deepEqual(await exporter.export(now, sample, context), ok)
    assert.equal(requests.at(-1)!.url, '/api/v3/write_lp?db=a&precision=nanosecond&accept_partial=true')
    assert.equal(requests.at(-1)!.headers.authorization, authorization)
  }
})

test('002-14 002-38: over TLS, the certificate of the server believed, that of the client shown', async (t) => {
  const strict = { ...serverTls, requestCert: true, rejectUnauthorized: true, ca: pem('client.cert') }
  const { url, stored } = await startInfluxDB(t, { tls: strict })
  const own = { cert: pem('client.cert'), key: pem('client.key') }
  const options = { url, database: 'a', username: 'me', password: 'secret' }
  const trusted = stopping(t, new InfluxDBExporter({ ...options, tls: { ca: pem('server.cert'), ...own } }))
  assert.deepEqual(await trusted.export(now, sample, context), ok)
  assert.equal(stored.size, 2)
  const blind = stopping(t, new InfluxDBExporter({ ...options, tls: own }))
  assert.equal((await blind.export(now, sample, context)).status, 'retry')
})

test('the connection is kept, and a body goes as it is when told', async (t) => {
  const { url, requests } = await startInfluxDB(t)
  const packed = stopping(t, new InfluxDBExporter({ url, database: 'a', connections: 1 }))
  const plain = stopping(t, new InfluxDBExporter({ url, database: 'a', compression: 'none' }))
  for (const exporter of [packed, packed, plain]) assert.deepEqual(await exporter.export(now, sample, context), ok)
  assert.deepEqual(
    requests.map(({ connection }) => connection),
    [1, 1, 2],
  )
  assert.equal(requests[2]!.headers['content-encoding'], undefined)
  assert.deepEqual(gunzipSync(requests[0]!.body), requests[2]!.body)
})

test('attributes of the resource are tags, all or those that are named', async (t) => {
  const { url, writes } = await startInfluxDB(t)
  const describe = { resource: resource({ 'host.name': 'web-1', 'os.type': 'linux' }) }
  for (const [options, tags] of [
    [{}, ',host.name=web-1,os.type=linux'],
    [{ resourceAttributes: ['host.name'] }, ',host.name=web-1'],
    [{ resourceAttributes: [] }, ''],
  ] satisfies [Partial<InfluxDBExporterOptions>, string][]) {
    const exporter = stopping(t, new InfluxDBExporter({ url, database: 'a', ...options }))
    await exporter.export(now, metrics([point('a', 1, {}, describe)]), context)
    assert.deepEqual(writes.at(-1), [`a${tags} value=1 1785666180000000000`])
  }
})

test('the destination is the address, without anything that may be a secret', () => {
  const { destination } = new InfluxDBExporter({ url: 'https://influx.example:8086/', database: 'a', username: 'me', password: 'hidden' })
  assert.equal(destination, 'https://influx.example:8086/')
})
