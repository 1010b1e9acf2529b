import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext, type Log, type LogFields, metrics, series, silent } from '../../sdk.ts'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { createTestHost } from '../../testing/test-host.ts'
import { DispatchExporter } from './dispatch-exporter.ts'
import { dispatchPlugins } from './dispatch-plugins.ts'
import type { MetricData } from './metric-data.ts'

const time = new Date('2026-01-01')
const context = createContext()

async function create() {
  const received: string[] = []
  let take = async (): Promise<void> => {}
  const dispatch = async (_context: unknown, data: readonly unknown[]) => {
    await take()
    received.push(...(data as readonly MetricData[]).map(({ labels }) => labels[identityLabel]!))
  }
  return {
    exporter: new DispatchExporter('ThirdParty', { dispatch }, silent),
    time,
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => received,
    breakDestination: async () => {
      take = () => Promise.reject(new Error('it is down'))
    },
    stallDestination: async () => {
      take = () => new Promise(() => {})
    },
  }
}

for (const { name, run } of exporterContract(create)) test(`004-04 dispatch: ${name}`, run)

test('004-19 each dispatch tells at debug level the exporter and how many it was given', async () => {
  const told: [string, LogFields | undefined][] = []
  const log: Log = { ...silent, debug: (message, fields) => void told.push([message, fields]) }
  const exporter = new DispatchExporter('ThirdParty', { dispatch: () => {} }, log)
  await exporter.export(time, samplePoints(3, 'a'), context)
  await exporter.export(time, { signal: 'alerts', alerts: [] }, context)
  assert.deepEqual(told, [['dispatched', { exporter: 'ThirdParty', metrics: 3 }]])
})

test('what a dispatch throws is tried again, and tells of its health until one succeeds', async () => {
  let error: Error | undefined = new Error('no route')
  const dispatch = () => {
    if (error) throw error
  }
  const exporter = new DispatchExporter('ThirdParty', { dispatch }, silent)
  assert.deepEqual(await exporter.export(time, samplePoints(1, 'a'), context), { status: 'retry', error })
  assert.deepEqual(exporter.health(), { state: 'unhealthy', reason: 'its dispatch failed: no route' })
  error = undefined
  assert.deepEqual(await exporter.export(time, samplePoints(1, 'a'), context), { status: 'ok' })
  assert.deepEqual(exporter.health(), { state: 'healthy' })
})

test('nothing is dispatched for whoever no longer waits', async () => {
  let dispatched = 0
  const exporter = new DispatchExporter('ThirdParty', { dispatch: () => void dispatched++ }, silent)
  const result = await exporter.export(time, samplePoints(1, 'a'), createContext({ signal: AbortSignal.abort() }))
  assert.deepEqual([result.status, dispatched], ['retry', 0])
})

test('it is started again where its start failed, and after a stop', async () => {
  const calls: string[] = []
  let fails = true
  const target = {
    dispatch: () => {},
    start: () => {
      calls.push('start')
      if (fails) throw new Error('not yet')
    },
    stop: () => void calls.push('stop'),
  }
  const exporter = new DispatchExporter('ThirdParty', target, silent)
  await assert.rejects(exporter.start(context), /not yet/)
  fails = false
  await exporter.start(context)
  await exporter.start(context)
  await exporter.stop(context)
  await exporter.stop(context)
  await exporter.start(context)
  assert.deepEqual(calls, ['start', 'start', 'stop', 'start'])
})

test('004-02 004-03 every class with a dispatch that a module exports is a plugin of that name', async () => {
  class PerformanceExporterMine {
    dispatch() {}
  }
  class AlertExporterMine {
    readonly given: unknown
    constructor(given: unknown) {
      this.given = given
    }
    dispatch() {}
  }
  class Mine {
    dispatch() {}
  }
  const plugins = dispatchPlugins({
    PerformanceExporterMine,
    AlertExporterMine,
    Mine,
    default: Mine,
    other: class {},
    text: 'x',
    none: null,
  })
  assert.deepEqual(
    plugins.map(({ kind, type, signals }) => [kind, type, signals]),
    [
      ['exporter', 'PerformanceExporterMine', ['metrics']],
      ['exporter', 'AlertExporterMine', ['alerts']],
      ['exporter', 'Mine', ['metrics', 'alerts']],
    ],
  )
})

test('004-10 a class is made with its name, what stands under config, and the host', () => {
  let given: unknown
  class PerformanceExporterMine {
    constructor(options: unknown) {
      given = options
    }
    dispatch() {}
  }
  const [plugin] = dispatchPlugins({ PerformanceExporterMine })
  const host = createTestHost()
  const config = plugin!.config!.parse({ platform_url: 'http://127.0.0.1:1' })
  plugin!.create({ name: 'mine', config: config as never, host })
  assert.deepEqual(given, { name: 'mine', config: { platform_url: 'http://127.0.0.1:1' }, host })
})

test('a class that cannot be made says so', () => {
  class PerformanceExporterMine {
    constructor() {
      throw new Error('no url')
    }
    dispatch() {}
  }
  const [plugin] = dispatchPlugins({ PerformanceExporterMine })
  assert.throws(() => plugin!.create({ name: 'mine', config: {} as never, host: createTestHost() }), {
    code: 'PLUGIN_INVALID',
    message: 'PerformanceExporterMine cannot be made: no url',
  })
})

test('a distribution among measures is rejected, and the measures are dispatched', async () => {
  const given: unknown[] = []
  const exporter = new DispatchExporter('ThirdParty', { dispatch: (_context, data) => void given.push(...data) }, silent)
  const own = series('x', {}, { kind: 'histogram' })
  const batch = metrics([...samplePoints(1, 'a').points, { series: own, timeMs: 1, value: { count: 0, bounds: [], counts: [0] } }])
  const result = await exporter.export(time, batch, context)
  assert.equal(result.status === 'partial' && 'index' in result.rejected[0]! && result.rejected[0].index, 1)
  assert.equal(given.length, 1)
})
