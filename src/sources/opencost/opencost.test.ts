import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { OpenCostSimulator } from '../../opencost/index.ts'
import { type Batch, createContext, type MetricsBatch, type RowsBatch, WaybillError, type z } from '../../sdk.ts'
import { createTestHost, ManualClock } from '../../testing/index.ts'
import { config } from './config.ts'
import plugin, { OpenCostSource, type OpenCostSourceOptions } from './opencost.ts'

const nowMs = Date.UTC(2026, 10, 21, 5, 38)
const clock = new ManualClock(nowMs)
const context = createContext({ clock })

async function startSimulator(t: TestContext, seed = 1): Promise<string> {
  const simulator = new OpenCostSimulator({ namespaces: 3, pods: 30, nodes: 2, seed, clock })
  const url = await simulator.listen(0)
  t.after(() => simulator.close())
  return url
}

async function startServer(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function sourceOf(t: TestContext, options: OpenCostSourceOptions): OpenCostSource {
  const source = new OpenCostSource({ retries: 0, clock, ...options })
  t.after(() => source.stop())
  return source
}

/** Rows as objects. */
function records(batch: Batch | undefined): Record<string, unknown>[] {
  const { table, rows } = batch as RowsBatch
  return rows.map((row) => Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index]])))
}

test('001-51 every interval: the costs of the window as they are, with the cluster as a column', async (t) => {
  const source = sourceOf(t, { endpoint: await startSimulator(t), aggregate: 'namespace', includeIdle: true, metadata: { team: 'x' } })
  const batch = (await source.make(new Date(nowMs), context)) as RowsBatch
  assert.equal(batch.table.name, 'OpenCostAllocation')
  const rows = records(batch)
  assert.deepEqual(
    rows.map(({ AllocationName, Cluster, _team }) => [AllocationName, Cluster, _team]),
    [
      ['team-1', 'simulated', 'x'],
      ['kube-system', 'simulated', 'x'],
      ['team-2', 'simulated', 'x'],
      ['__idle__', 'simulated', 'x'],
    ],
  )
  assert.deepEqual([rows[0]!.WindowStart, rows[0]!.WindowEnd], ['2026-11-21T05:00:00Z', '2026-11-21T05:39:00Z'])
  assert.deepEqual(source.health(), { state: 'healthy' })
})

test('assets, of the types wanted, at the level wanted', async (t) => {
  const source = sourceOf(t, {
    endpoint: await startSimulator(t),
    data: 'assets',
    filterTypes: ['disk'],
    aggregate: 'asset',
    cluster: 'mine',
  })
  const rows = records(await source.make(new Date(nowMs), context))
  assert.deepEqual(
    rows.map(({ Type, Name, Cluster }) => [Type, Name, Cluster]),
    [
      ['Disk', 'node-0-disk', 'mine'],
      ['Disk', 'node-1-disk', 'mine'],
    ],
  )
})

test('labels become columns, also those that OpenCost calls otherwise', async (t) => {
  const reply = {
    code: 200,
    data: [{ a: { name: 'a', properties: { labels: { app: 'web', 'a.b/c': 'own', app_kubernetes_io_name: 'site' } } }, b: { name: 'b' } }],
  }
  const endpoint = await startServer(t, (_request, response) => response.end(JSON.stringify(reply)))
  const labels = ['app', 'app.kubernetes.io/name', 'a.b/c', 'missing']
  const rows = records(await sourceOf(t, { endpoint, labels }).make(new Date(nowMs), context))
  const own = ({ Label_app, Label_app_kubernetes_io_name, Label_a_b_c, Label_missing, Cluster }: Record<string, unknown>) =>
    [Label_app, Label_app_kubernetes_io_name, Label_a_b_c, Label_missing, Cluster].join()
  assert.deepEqual(rows.map(own), ['web,site,own,,', ',,,,'])
})

test('several clusters are one table; one that does not answer is left out and told', async (t) => {
  const [east, west] = [await startSimulator(t, 1), await startSimulator(t, 2)]
  const south = await startServer(t, (_request, response) => response.writeHead(503).end('starting'))
  const clusters = [
    { name: 'east', endpoint: east },
    { name: 'west', endpoint: west },
  ]
  const both = records(await sourceOf(t, { clusters, aggregate: 'namespace' }).make(new Date(nowMs), context))
  assert.deepEqual([...new Set(both.map(({ Cluster }) => Cluster))], ['east', 'west'])

  const three = sourceOf(t, { clusters: [...clusters, { name: 'south', endpoint: south }], aggregate: 'namespace' })
  assert.equal(records(await three.make(new Date(nowMs), context)).length, both.length)
  const health = three.health()
  assert.ok(health.state === 'degraded' && /allocation answered 503: starting/.test(health.reason))
  // A span is for good: not without one of them.
  const hour = { start: new Date(nowMs - 7_200_000), end: new Date(nowMs - 3_600_000) }
  await assert.rejects(three.compute(hour, 60_000, context), { code: 'SOURCE_UNAVAILABLE' })
  assert.equal(three.health().state, 'unhealthy')

  const none = sourceOf(t, { endpoint: south })
  await assert.rejects(async () => none.make(new Date(nowMs), context), { code: 'SOURCE_UNAVAILABLE' })
  assert.equal(none.health().state, 'unhealthy')
})

test('a span is computed once it is over and known, and has what it cost', async (t) => {
  const source = sourceOf(t, { endpoint: await startSimulator(t), aggregate: 'node', settle: '10m' })
  const span = (startMs: number, endMs: number) => ({ start: new Date(startMs), end: new Date(endMs) })
  const hourMs = 3_600_000
  const openMs = Date.UTC(2026, 10, 21, 5)
  assert.equal(source.canCompute(span(openMs - hourMs, openMs)), true)
  assert.equal(source.canCompute(span(openMs, openMs + hourMs)), true)
  assert.equal(source.canCompute(span(nowMs - hourMs, nowMs - 60_000)), false)
  const rows = records(await source.compute(span(openMs - hourMs, openMs), 60_000, context))
  assert.deepEqual(
    rows.map(({ AllocationName, WindowStart, WindowMinutes }) => [AllocationName, WindowStart, WindowMinutes]),
    [
      ['node-0', '2026-11-21T04:00:00Z', 60],
      ['node-1', '2026-11-21T04:00:00Z', 60],
    ],
  )
  assert.deepEqual([rows[0]!.SpanStart, rows[0]!.SpanEnd], [openMs - hourMs, openMs])
  assert.equal(await source.compute(span(openMs + 5 * hourMs, openMs + 6 * hourMs), 60_000, context), undefined)
})

test('as metrics: costs by component that add up, what was given, how well it was used', async (t) => {
  const endpoint = await startSimulator(t)
  const rows = records(await sourceOf(t, { endpoint, aggregate: 'namespace' }).make(new Date(nowMs), context))
  const { points } = (await sourceOf(t, { endpoint, aggregate: 'namespace', as: 'metrics' }).make(new Date(nowMs), context)) as MetricsBatch
  for (const { AllocationName: name, TotalCost } of rows) {
    const costs = points.filter(
      ({ series }) => series.name === 'opencost.allocation.cost' && Object.fromEntries(series.labels).namespace === name,
    )
    const sum = costs.reduce((sum, { value }) => sum + (value as number), 0)
    assert.ok(costs.length > 1 && Math.abs(sum - (TotalCost as number)) < 1e-4, String(name))
  }
  const { series, timeMs } = points.find(({ series }) => series.name === 'opencost.allocation.cpu')!
  assert.deepEqual([series.unit, series.kind, timeMs], ['{core}', 'gauge', nowMs])
  assert.deepEqual(Object.fromEntries(series.labels), { allocation: 'team-1', cluster: 'simulated', namespace: 'team-1', span: '1h' })

  const assets = (await sourceOf(t, { endpoint, data: 'assets', as: 'metrics', currency: 'EUR' }).make(
    new Date(nowMs),
    context,
  )) as MetricsBatch
  assert.ok(assets.points.every(({ series }) => series.name === 'opencost.asset.cost' && series.unit === '{EUR}'))
})

test('settings that make no sense are refused, with what is wrong', () => {
  const wrong: [options: z.input<typeof config>, told: RegExp][] = [
    [{ endpoint: 'localhost:9003' }, /begins with http/],
    [{ window: 'soon' }, /"soon" is not a window; the forms are/],
    [{ aggregate: 'bogus' }, /there is no level "bogus"/],
    [{ data: 'assets', aggregate: 'pod' }, /there is no level "pod"/],
    [{ cluster: 'a', clusters: [{ name: 'b' }] }, /names one cluster/],
    [{ clusters: [{ name: 'b' }, { name: 'b' }] }, /a name each/],
    [{ currency: 'usd' }, /three capital letters/],
  ]
  for (const [options, told] of wrong)
    assert.throws(
      () => new OpenCostSource(options),
      (error) => error instanceof WaybillError && error.code === 'INVALID_OPTION' && told.test(error.message),
    )
})

test('the plugin takes its settings as they are checked, with a token for each cluster', async (t) => {
  const tokens: (string | undefined)[] = []
  const endpoint = await startServer(t, (request, response) => {
    tokens.push(request.headers.authorization)
    response.end('{"data":[{}]}')
  })
  const clusters = [
    { name: 'a', endpoint, token: 'one' },
    { name: 'b', endpoint, token: 'two' },
  ]
  const source = plugin.create({ name: 'costs', config: config.parse({ clusters }) as never, host: createTestHost({ clock }) })
  assert.equal(await source.make(new Date(nowMs), context), undefined)
  await source.stop?.(context)
  assert.deepEqual(tokens.sort(), ['Bearer one', 'Bearer two'])
})
