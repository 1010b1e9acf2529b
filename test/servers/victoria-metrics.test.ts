/** The exporters that VictoriaMetrics understands, in an agent of their own, by what it stores of them. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startVictoriaMetrics, type VictoriaMetrics } from '../../scripts/servers/victoria-metrics.ts'
import { known, sendingAgent } from './sending-agent.fixture.ts'

/** In whole seconds, which is all that Datadog's API has, and a while ago, so that no query has to look into the future. */
const startMs = Math.floor(Date.now() / 1000) * 1000 - 600_000
const odd = 'é "日本" 😀 C:\\disk, x=y'
let directory: string

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-victoria-metrics-'))
})

after(() => rm(directory, { recursive: true, force: true }))

/** Of a thousand series at one of ten times; each value its own. */
const point = (index: number) => ({
  time: new Date(startMs + Math.floor(index / 1000) * 15_000).toISOString(),
  name: `known${index % 10}`,
  labels: { cell: `cell ${Math.floor(index / 10) % 100}`, odd },
  resource: { 'host.name': 'web-1' },
  value: index / 8 - 500,
})
const points = Array.from({ length: known }, (_, index) => point(index))

interface Way {
  readonly type: string
  readonly config: object
  /** What it puts behind the name. */
  readonly suffix?: string
  /** Labels beside those of the point. */
  readonly labels: Readonly<Record<string, string>>
}

const ways: Readonly<Record<string, (url: string) => Way>> = {
  'remote write': (url) => ({ type: 'prometheus_remote_write', config: { url: `${url}/api/v1/write` }, labels: {} }),
  'lines of InfluxDB': (url) => ({
    type: 'influxdb',
    config: { url, database: 'lines' },
    suffix: '_value',
    labels: { db: 'lines', 'host.name': 'web-1' },
  }),
  'F6: Datadog, version 1': (url) => ({
    type: 'datadog',
    config: { url: `${url}/datadog`, api_key: 'any', version: 1, tags: ['team:platform'] },
    labels: { host: 'web-1', team: 'platform' },
  }),
}

/** A point on a line, to be compared. */
const shown = (name: string, labels: Readonly<Record<string, string>>, timeMs: number, value: number): string =>
  JSON.stringify([name, Object.entries(labels).sort(), timeMs, value])

async function stored({ url, flush }: VictoriaMetrics): Promise<readonly string[]> {
  await flush()
  const match = encodeURIComponent('{__name__=~"known.*"}')
  const text = await (await fetch(`${url}/api/v1/export?match[]=${match}`)).text()
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const { metric, values, timestamps } = JSON.parse(line) as { metric: Record<string, string>; values: number[]; timestamps: number[] }
      const { __name__: name = '', ...labels } = metric
      return values.map((value, at) => shown(name, labels, timestamps[at]!, value))
    })
}

describe('10,000 known points, VictoriaMetrics away for ten seconds: each is there once, as it was', { concurrency: true }, () => {
  for (const [name, way] of Object.entries(ways))
    test(name, async (t) => {
      const data = await mkdtemp(join(directory, 'data-'))
      let server = await startVictoriaMetrics({ directory: data })
      t.after(() => server.stop())
      const { type, config, suffix = '', labels: more } = way(server.url)
      const agent = await sendingAgent(t, { directory, type, config, signals: ['metrics'] })
      await agent.throughOutage({
        post: (from, until) => agent.post('/metrics', points.slice(from, until)),
        stop: () => server.stop(),
        async start() {
          server = await startVictoriaMetrics({ directory: data, port: server.port })
        },
      })
      const expected = points.map(({ name, labels, time, value }) => shown(name + suffix, { ...labels, ...more }, Date.parse(time), value))
      assert.equal((await stored(server)).toSorted().join('\n'), expected.toSorted().join('\n'))
    })
})
