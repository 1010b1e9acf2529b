import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { WaybillError } from '../../../core/errors.ts'
import { series } from '../../../core/series.ts'
import { JsonApi } from './json-api.ts'

async function start(t: TestContext, bufferSize = 3): Promise<JsonApi> {
  const api = new JsonApi({ address: { host: '127.0.0.1', port: 0 }, refreshMs: 200, bufferSize })
  await api.start()
  t.after(() => api.stop())
  return api
}

const take = (api: JsonApi, timeMs: number, values: Record<string, number>) =>
  api.take(
    Object.entries(values).map(([name, value]) => ({ series: series(name), timeMs, value })),
    timeMs,
  )

const rx = 'network.total.rx.bytes_per_sec'
const core = 'cpu.cpu.0.core.0.utilization.percent'

test('values by group and title, aligned by time, with the time of the newest', async (t) => {
  const api = await start(t)
  assert.deepEqual(await (await fetch(api.url)).json(), { timestamp: null, metrics: {}, metadata: { refresh_ms: 200 } })
  take(api, 1000, { [rx]: 1, 'cpu.total.count': 1 })
  take(api, 1200, { [rx]: 2, [core]: 10 })
  take(api, 1400, { [rx]: 3 })
  take(api, 1600.5, { [rx]: 4, [core]: 30 })
  assert.deepEqual(await (await fetch(api.url)).json(), {
    timestamp: 1.6005,
    metrics: {
      cpu: { 'Cpu CPU 0 util %': { current_value: 30, history: [10, null, 30], count: 3 } },
      network: { 'network rx': { current_value: 4, history: [2, 3, 4], count: 3 } },
    },
    metadata: { refresh_ms: 200 },
  })
})

test('a query is no other page, and what is not there is 404', async (t) => {
  const api = await start(t)
  const answer = await fetch(`${api.url}?x=1`)
  const { headers } = answer
  assert.deepEqual([answer.status, headers.get('content-type'), headers.get('access-control-allow-origin')], [200, 'application/json', '*'])
  assert.match(await answer.text(), /^\{\n {2}"timestamp": null,\n/)
  const other = await fetch(new URL('/', api.url))
  assert.deepEqual([other.status, await other.text()], [404, 'Not Found'])
  assert.equal((await fetch(api.url, { method: 'POST' })).status, 405)
  const head = await fetch(api.url, { method: 'HEAD' })
  assert.deepEqual([head.status, await head.text()], [200, ''])
})

test('a port in use is told, and a stop frees it', async (t) => {
  const api = await start(t)
  const address = { host: '127.0.0.1', port: Number(new URL(api.url).port) }
  const second = new JsonApi({ address, refreshMs: 1000, bufferSize: 1 })
  await assert.rejects(second.start(), (error) => error instanceof WaybillError && error.code === 'DESTINATION_UNAVAILABLE')
  await second.stop()
  await api.stop()
  await api.stop()
  const third = new JsonApi({ address, refreshMs: 1000, bufferSize: 1 })
  await third.start()
  await third.stop()
})
