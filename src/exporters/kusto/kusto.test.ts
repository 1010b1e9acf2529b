import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Batch, createContext, type ExporterPlugin, metrics, ok, type RowsBatch, series } from '../../sdk.ts'
import { createTestHost } from '../../testing/test-host.ts'
import { Cluster, token } from './cluster.fixture.ts'
import plugin, { KustoExporter, type KustoExporterOptions } from './kusto.ts'

const at = new Date('2025-05-19T22:00:00Z')
const load = (name: string) => import(name)

/** An exporter to a new cluster. */
async function exporterTo(t: TestContext, options: Partial<KustoExporterOptions> = {}) {
  const cluster = await Cluster.start()
  const exporter = new KustoExporter({ cluster: cluster.url, database: 'telemetry', auth: { type: 'token', token }, load, ...options })
  t.after(async () => {
    await exporter.stop()
    await cluster.close()
  })
  return { cluster, exporter, send: (batch: Batch, id = 'one') => exporter.export(at, batch, delivery(id)) }
}

const delivery = (id: string) => createContext({ delivery: { id, attempt: 1, firstAcceptedMs: 0 } })

const costs: RowsBatch = {
  signal: 'rows',
  table: {
    name: 'allocations by pod',
    columns: [
      { name: 'pod', type: 'string' },
      { name: 'cpu.cost', type: 'real' },
      { name: "it's \\ here", type: 'int' },
      { name: 'idle', type: 'bool' },
      { name: 'window start', type: 'datetime' },
      { name: 'labels', type: 'json' },
    ],
  },
  rows: [
    ['ünï "日本" \n', 0.25, 2n ** 60n + 1n, true, at.getTime(), { team: ['a', 'b'] }],
    [null, null, null, null, null, null],
  ],
}

test('000-18 rows come to a table of their name, made with the types of its columns, each cell as it was', async (t) => {
  const { cluster, send, exporter } = await exporterTo(t)
  assert.deepEqual(await send(costs), ok)
  assert.equal(exporter.destination, `${cluster.url}/telemetry`)
  const { columns, rows } = cluster.tables.get('allocations by pod')!
  const types = { pod: 'string', 'cpu.cost': 'real', "it's \\ here": 'long', idle: 'bool', 'window start': 'datetime', labels: 'dynamic' }
  assert.deepEqual(Object.fromEntries(columns), types)
  const names = Object.keys(types)
  assert.deepEqual(
    rows.map((row) => names.map((name) => row[name])),
    [
      ['ünï "日本" \n', 0.25, 2n ** 60n + 1n, true, at.toISOString(), { team: ['a', 'b'] }],
      [null, null, null, null, null, null],
    ],
  )
})

test('the table is made once, and again when it gets a column', async (t) => {
  const { cluster, send } = await exporterTo(t)
  const wider: RowsBatch = {
    ...costs,
    table: { ...costs.table, columns: [...costs.table.columns, { name: 'new', type: 'string' }] },
    rows: [[...costs.rows[0]!, 'there']],
  }
  for (const batch of [costs, costs, wider]) assert.deepEqual(await send(batch), ok)
  assert.equal(cluster.commands.filter((command) => command.startsWith('.create-merge')).length, 2)
  assert.deepEqual(
    cluster.tables.get(costs.table.name)!.rows.map((row) => row.new ?? null),
    [null, null, null, null, 'there'],
  )
})

test('every signal has a table, and every field of its records a column', async (t) => {
  const { cluster, send } = await exporterTo(t, { tables: { logs: 'my logs' } })
  const resource = { key: 'r', attributes: { 'service.name': 'shop' } }
  const scope = { key: 's', name: 'lib', version: '1' }
  const histogram = { count: 2, sum: 3, bounds: [1], counts: [1, 1] }
  const origin = { resource: resource.attributes, scope: { name: 'lib', version: '1' } }
  const ids = { traceId: '0'.repeat(31).concat('1'), spanId: '0'.repeat(15).concat('2') }
  const timeNs = BigInt(at.getTime()) * 1_000_000n
  const batches: Batch[] = [
    metrics([
      { series: series('load', { core: '0' }, { unit: '1', resource, scope }), timeMs: at.getTime(), value: 0.5 },
      { series: series('load', { core: '1' }), timeMs: at.getTime(), value: Number.POSITIVE_INFINITY },
      { series: series('latency', {}, { kind: 'histogram' }), timeMs: at.getTime(), value: histogram, startTimeMs: 0 } as never,
    ]),
    {
      signal: 'traces',
      spans: [
        {
          ...ids,
          parentSpanId: 'f'.repeat(16),
          traceState: 'a=b',
          name: 'GET /',
          kind: 'server',
          startTimeNs: timeNs,
          endTimeNs: timeNs + 1_000_000n,
          attributes: { n: 1 },
          events: [{ timeNs, name: 'e' }],
          links: [ids],
          status: { code: 'error', message: 'no' },
          resource,
          scope,
        },
      ],
    },
    {
      signal: 'logs',
      records: [
        {
          timeNs,
          observedTimeNs: timeNs,
          severityNumber: 9,
          severityText: 'INFO',
          body: { text: 'hello' },
          attributes: { a: 'b' },
          ...ids,
          resource,
          scope,
        },
      ],
    },
    {
      signal: 'alerts',
      alerts: [
        {
          id: 'disk-3',
          name: 'DiskFull',
          severity: 'major',
          status: 'resolved',
          startsAtMs: at.getTime(),
          endsAtMs: at.getTime(),
          labels: { host: 'a' },
          annotations: { runbook: 'r' },
        },
      ],
    },
  ]
  for (const batch of batches) assert.deepEqual(await send(batch), ok)
  const time = at.toISOString()
  const points = cluster.tables.get('metrics')!.rows
  assert.deepEqual(
    points.map(({ name, labels, value, distribution, unit, startTime }) => ({ name, labels, value, distribution, unit, startTime })),
    [
      { name: 'load', labels: { core: '0' }, value: 0.5, distribution: 0.5, unit: '1', startTime: null },
      { name: 'load', labels: { core: '1' }, value: Number.POSITIVE_INFINITY, distribution: '+Inf', unit: null, startTime: null },
      { name: 'latency', labels: {}, value: null, distribution: histogram, unit: null, startTime: new Date(0).toISOString() },
    ],
  )
  assert.deepEqual([points[0]!.resource, points[0]!.scope], [origin.resource, origin.scope])
  assert.deepEqual(cluster.tables.get('traces')!.rows, [
    {
      startTime: time,
      endTime: '2025-05-19T22:00:00.001Z',
      ...ids,
      parentSpanId: 'f'.repeat(16),
      traceState: 'a=b',
      name: 'GET /',
      kind: 'server',
      status: { code: 'error', message: 'no' },
      attributes: { n: 1 },
      events: [{ time: '2025-05-19T22:00:00.000000000Z', name: 'e' }],
      links: [ids],
      ...origin,
    },
  ])
  assert.deepEqual(cluster.tables.get('my logs')!.rows, [
    {
      time,
      observedTime: time,
      severityNumber: 9n,
      severityText: 'INFO',
      body: { text: 'hello' },
      attributes: { a: 'b' },
      ...ids,
      ...origin,
    },
  ])
  assert.deepEqual(cluster.tables.get('alerts')!.rows, [
    {
      startsAt: time,
      endsAt: time,
      id: 'disk-3',
      name: 'DiskFull',
      severity: 'major',
      status: 'resolved',
      labels: { host: 'a' },
      annotations: { runbook: 'r' },
    },
  ])
})

test('a delivery that comes again is taken in once with skip_repeated, and each of its parts', async (t) => {
  const { cluster, send } = await exporterTo(t, { skipRepeated: true })
  const part = { ...costs, rows: [costs.rows[0]!] }
  for (const [batch, id] of [
    [costs, 'a'],
    [costs, 'a'],
    [part, 'a'],
    [part, 'b'],
  ] as const)
    assert.deepEqual(await send(batch, id), ok)
  assert.equal(cluster.tables.get(costs.table.name)!.rows.length, 2 + 1 + 1)
  const without = await exporterTo(t)
  for (const id of ['a', 'a']) await without.send(costs, id)
  assert.equal(without.cluster.tables.get(costs.table.name)!.rows.length, 4)
})

test('what is larger than max_bytes comes in pieces, but for a single record', async (t) => {
  const { send } = await exporterTo(t, { maxBytes: 1024 })
  const rows = Array.from({ length: 100 }, () => costs.rows[0]!)
  assert.equal((await send({ ...costs, rows })).status, 'too-large')
  assert.deepEqual(await send({ ...costs, rows: [['x'.repeat(5000), null, null, null, null, null]] }), ok)
})

test('without create_tables nothing is asked but to take in, and at once where it is wanted', async (t) => {
  const { cluster, send } = await exporterTo(t, { createTables: false, flushImmediately: true })
  cluster.tables.set(costs.table.name, {
    columns: new Map(
      costs.table.columns.map(({ name, type }) => [
        name,
        { string: 'string', real: 'real', int: 'long', bool: 'bool', datetime: 'datetime', json: 'dynamic' }[type],
      ]),
    ),
    rows: [],
  })
  assert.deepEqual(await send(costs), ok)
  assert.deepEqual(
    cluster.commands.filter((command) => !command.startsWith('.get')),
    [],
  )
  assert.equal(cluster.messages[0]!.FlushImmediately, true)
})

test('as a plugin it has what its schema says, and asks for its packages', async (t) => {
  const cluster = await Cluster.start()
  t.after(() => cluster.close())
  const { config, create, requires } = plugin as ExporterPlugin & { create(options: object): KustoExporter }
  const parsed = config!.parse({ cluster: cluster.url, database: 'telemetry', auth: { type: 'token', token } })
  const exporter = create({ name: 'adx', config: parsed, host: createTestHost({ load }) })
  assert.deepEqual([exporter.name, await exporter.export(at, costs, createContext())], ['adx', ok])
  await exporter.stop()
  assert.deepEqual(Object.keys(requires!), ['azure-kusto-ingest', 'azure-kusto-data'])
  for (const wrong of [{ cluster: 'name.region' }, { database: '' }, { auth: { type: 'application', clientId: 'a' } }, { maxBytes: 1 }])
    assert.throws(() => new KustoExporter({ cluster: cluster.url, database: 'd', auth: { type: 'none' }, ...wrong } as never), {
      code: 'INVALID_OPTION',
    })
})
