import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ManualClock } from '../../testing/index.ts'
import type { Allocation } from '../allocation.ts'
import type { Asset } from '../asset.ts'
import { OpenCostClient } from '../client.ts'
import { nowMs } from '../server.fixture.ts'
import { allocationReply } from './allocation-reply.ts'
import { Cluster, type ClusterSize } from './cluster.ts'
import { OpenCostSimulator } from './simulator.ts'

const size: ClusterSize = { namespaces: 5, pods: 60, nodes: 4, seed: 1 }

async function start(t: TestContext, of: Partial<ClusterSize> = {}) {
  const simulator = new OpenCostSimulator({ ...size, ...of, clock: new ManualClock(nowMs) })
  const url = await simulator.listen(0)
  t.after(() => simulator.close())
  const get = async (path: string) => {
    const response = await fetch(url + path)
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const setsOf = async (query: string) =>
    (JSON.parse((await get(`/allocation?${query}`)).text) as { data: Record<string, Allocation>[] }).data
  return { url, get, setsOf }
}

test('every answer says that it is a simulation, errors too', async (t) => {
  const { get } = await start(t)
  for (const [path, status] of [
    ['/healthz', 200],
    ['/metrics', 200],
    ['/allocation?window=1h', 200],
    ['/allocation/compute?window=1h', 200],
    ['/assets?window=1h', 200],
    ['/allocation?window=30s', 400],
    ['/assets', 400],
    ['/allocation?window=500d', 500],
    ['/nothing', 404],
  ] as const) {
    const answer = await get(path)
    assert.equal(answer.status, status, path)
    assert.match(answer.headers.get('x-simulation')!, /made-up/)
  }
})

test('errors are those of OpenCost: plain text for a wrong window, an envelope for one that is too long', async (t) => {
  const { get } = await start(t)
  for (const window of ['', '30s', '1h30m', 'year', 'TODAY', '0h'])
    assert.equal((await get(`/allocation?window=${window}`)).text, `Invalid 'window' parameter: illegal window: ${window}\n`)
  const { text } = await get('/assets?window=500d')
  assert.deepEqual(JSON.parse(text), {
    code: 500,
    status: '',
    data: null,
    message: 'Error: boundary error: requested [500d]; supported are 400 days',
  })
})

test('one seed is one cluster, another one another', async (t) => {
  const [{ get: first }, { get: again }, { get: other }] = [await start(t), await start(t), await start(t, { seed: 2 })]
  for (const path of ['/allocation?window=1d', '/assets?window=1d', '/metrics']) {
    assert.equal((await first(path)).text, (await again(path)).text)
    assert.notEqual((await first(path)).text, (await other(path)).text)
  }
})

test('an allocation has what OpenCost has: five decimals, nulls, no empty properties, the time that it ran', async (t) => {
  const { setsOf } = await start(t, { pods: 300 })
  const [set] = await setsOf('window=1h&aggregate=container')
  const all = Object.values(set!)
  assert.ok(all.some(({ cpuEfficiency }) => cpuEfficiency === null))
  assert.ok(all.some(({ properties }) => properties!.controller === undefined))
  for (const { start, end, window, minutes, cpuCost, ramCost, gpuCost, networkCost, pvCost, totalCost } of all) {
    assert.deepEqual(
      [window, start, end, minutes],
      [{ start: '2026-11-21T05:00:00Z', end: '2026-11-21T06:00:00Z' }, '2026-11-21T05:00:00Z', '2026-11-21T05:39:00Z', 39],
    )
    const parts = cpuCost! + ramCost! + gpuCost! + networkCost! + pvCost!
    assert.ok(Math.abs(parts - totalCost!) < 6e-5)
    assert.equal(totalCost, Number(totalCost!.toFixed(5)))
  }
  assert.ok((await setsOf('window=1h&aggregate=controller'))[0]!.__unallocated__)
})

test('levels add up to the same, and unknown ones are dropped', async (t) => {
  const { setsOf } = await start(t)
  const totalOf = (set: Record<string, Allocation>) => Object.values(set).reduce((sum, { totalCost }) => sum + totalCost!, 0)
  const [containers] = await setsOf('window=1d&aggregate=container')
  for (const [level, names] of [
    ['namespace', 5],
    ['node', 4],
    ['cluster', 1],
    ['namespace,bogus,toString', 5],
    ['label:app', 10],
  ] as const) {
    const [set] = await setsOf(`window=1d&aggregate=${level}`)
    assert.equal(Object.keys(set!).length, names, level)
    assert.ok(Math.abs(totalOf(set!) - totalOf(containers!)) < 1e-2, level)
  }
  const [namespaces] = await setsOf('window=1d&aggregate=namespace')
  assert.equal(namespaces!['kube-system']!.properties!.node, undefined)
})

test('idle capacity is an allocation, or shared', async (t) => {
  const { setsOf } = await start(t)
  const cpu = async (query: string) => {
    const [set] = await setsOf(`window=1d&aggregate=namespace${query}`)
    return {
      idle: set!.__idle__?.cpuCost ?? 0,
      others: Object.entries(set!).reduce((sum, [name, { cpuCost }]) => (name === '__idle__' ? sum : sum + cpuCost!), 0),
    }
  }
  const plain = await cpu('')
  const idle = await cpu('&includeIdle=true')
  const shared = await cpu('&includeIdle=true&shareIdle=true')
  assert.equal(plain.idle, 0)
  assert.ok(idle.idle > 0)
  assert.equal(idle.others, plain.others)
  assert.equal(shared.idle, 0)
  assert.ok(Math.abs(shared.others - idle.others - idle.idle) < 1e-3)
})

test('steps make sets, those to come none, and accumulating one', async (t) => {
  const { setsOf } = await start(t)
  assert.equal((await setsOf('window=3h&step=1h&aggregate=cluster')).length, 3)
  assert.equal((await setsOf('window=3h&step=1h&accumulate=true&aggregate=cluster')).length, 1)
  assert.equal((await setsOf('window=today&step=6h&aggregate=cluster')).length, 1)
  assert.deepEqual(await setsOf('window=2099-01-01T00:00:00Z,2099-01-02T00:00:00Z'), [{}])
})

test('assets are an object by key, of every type, with six decimals', async (t) => {
  const { url, get } = await start(t)
  const { text } = await get('/assets?window=1h')
  assert.match(text, /"totalCost":\d+\.\d{6}\b/)
  const { data } = JSON.parse(text) as { data: Record<string, Asset> }
  assert.deepEqual(
    [...new Set(Object.values(data).map(({ type }) => type))],
    ['Node', 'Disk', 'Network', 'LoadBalancer', 'ClusterManagement'],
  )
  const client = new OpenCostClient({ endpoint: url })
  const read = (await Array.fromAsync(await client.assets({ window: '1h' }))).flat()
  assert.deepEqual(Object.fromEntries(read.map(({ name, asset }) => [name, asset])), data)
  await client.close()
})

test('metrics are Prometheus text, a family at a time', async (t) => {
  const { text } = await (await start(t)).get('/metrics')
  const families = [...text.matchAll(/^# TYPE (\w+) gauge$/gm)].map(([, name]) => name!)
  assert.deepEqual([families.length, new Set(families).size], [18, 18])
  let family = ''
  for (const line of text.trimEnd().split('\n')) {
    const [, named] = /^# TYPE (\w+)/.exec(line) ?? []
    if (named) family = named
    else if (!line.startsWith('# HELP ')) assert.match(line, new RegExp(`^${family}(\\{\\w+="[^"]*"(,\\w+="[^"]*")*\\})? [\\d.e-]+$`))
  }
})

test('a reply of any length is made piece by piece', () => {
  const cluster = new Cluster({ ...size, pods: 1e8 })
  const windows = [{ start: new Date(nowMs - 3_600_000), end: new Date(nowMs) }]
  const reply = allocationReply(cluster, { windows, aggregate: ['container'], includeIdle: false, shareIdle: false, nowMs })
  for (let piece = 0; piece < 1000; piece++) assert.ok(reply.next().value!.length < 4000)
})
