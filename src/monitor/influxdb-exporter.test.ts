import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { createContext } from '../core/context.ts'
import { silent } from '../core/log.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { InfluxDBExporter } from './influxdb-exporter.ts'

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function until(come: () => boolean): Promise<void> {
  for (let waitedMs = 0; !come(); waitedMs += 5) {
    if (waitedMs > 10_000) assert.fail('it did not come to pass within 10 s')
    await pause(5)
  }
}

test('002-10 InfluxDBExporter requires url and database', () => {
  const wrong: [object | undefined, string][] = [
    [undefined, 'url'],
    [{ database: 'x' }, 'url'],
    [{ url: 'http://x' }, 'database'],
  ]
  for (const [config, key] of wrong)
    assert.throws(() => new InfluxDBExporter(config as never), {
      code: 'INVALID_OPTION',
      message: `InfluxDB exporter requires '${key}' configuration`,
    })
  assert.doesNotThrow(() => new InfluxDBExporter({ url: 'http://x', org: 'o', bucket: 'b', token: 't' }))
})

test('002-11 a sample is one line of the measurement cubestat, also again after a stop', async (t) => {
  const lines: string[] = []
  const url = await serve(t, async (request, response) => {
    lines.push(String(gunzipSync(await buffer(request))))
    response.writeHead(204).end()
  })
  const exporter = new InfluxDBExporter({ url, database: 'cubestat', tags: { host: 'a b' } })
  for (const n of [1, 2]) {
    assert.equal((await exporter.export({ 'CPU Total %': n, load: 0.5 }, 1_750_693_377.593887)).status, 'ok')
    await exporter.stop()
  }
  assert.deepEqual(
    lines,
    [1, 2].map((n) => `cubestat,host=a\\ b CPU\\ Total\\ %=${n},load=0.5 1750693377593887000\n`),
  )
})

test('002-35 I9 a server that hangs delays no sample, and a stop no longer than ten seconds', async (t) => {
  let requests = 0
  const url = await serve(t, () => {
    requests++
  })
  const clock = new ManualClock()
  const errors: string[] = []
  const log = { ...silent, error: (message: string) => void errors.push(message) }
  const exporter = new InfluxDBExporter({ url, database: 'cubestat' }, createContext({ clock, log }))
  for (let n = 0; n < 100; n++) assert.equal((await exporter.export({ a: n }, n)).status, 'ok')
  await until(() => requests === 1)
  let isStopped = false
  const stopping = exporter.stop().then(() => {
    isStopped = true
  })
  await clock.advance(9_999)
  assert.equal(isStopped, false)
  await clock.advance(1)
  await clock.advance(1_000)
  await stopping
  assert.match(errors.join(), /neither the destination nor the dead letters took/)
})
