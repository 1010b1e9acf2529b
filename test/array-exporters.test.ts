/** Arrays, the agent, and exporters chosen by class name: together, in this process. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { AlertData } from '../src/arrays/third-party/alert-data.ts'
import type { MetricData } from '../src/arrays/third-party/metric-data.ts'
import { type Log, type LogFields, silent } from '../src/core/log.ts'
import { checkBooks } from '../src/testing/check-books.ts'
import { runningArrays } from './arrays.fixture.ts'

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 1000, 'it has not happened in ten seconds')
    await pause(10)
  }
}

/** A class that keeps what it is given, and fails as long as `fails`. */
function recording(name: string) {
  const state = { fails: false, given: [] as (MetricData | AlertData)[] }
  const { [name]: made } = {
    [name]: class {
      dispatch(_context: unknown, data: readonly (MetricData | AlertData)[]) {
        if (state.fails) throw new Error('the platform is down')
        state.given.push(...data)
      }
    },
  }
  return { state, made: made! }
}

test('004-17 004-18 what is collected comes to every exporter chosen; one that fails gets it later, and the books balance', async (t) => {
  const good = recording('PerformanceExporterGood')
  const bad = recording('PerformanceExporterBad')
  const alerts = recording('AlertExporterThirdParty')
  bad.state.fails = true
  const module = { good: good.made, bad: bad.made, alerts: alerts.made }
  const retry = { retry: { initial_delay: '10ms', max_delay: '50ms' } }
  const { agent, arrays, dataDir } = await runningArrays(t, {
    module,
    arrays: {
      performance_exporters: ['PerformanceExporterGood', 'PerformanceExporterBad'],
      alert_exporters: ['AlertExporterThirdParty'],
      exporter_settings: { PerformanceExporterBad: retry },
    },
  })
  await arrays.collect('array-1', { intervalMs: 1000, historic: false })
  await until(() => good.state.given.length > 0)
  assert.equal(await arrays.syncAlerts('array-1'), 4)
  await until(() => alerts.state.given.length === 4)
  assert.deepEqual(bad.state.given, [])
  assert.ok(existsSync(join(dataDir, 'buffers', 'PerformanceExporterBad')))
  checkBooks(agent.figures())

  bad.state.fails = false
  await arrays.collect('array-1', undefined)
  const samples = (given: readonly (MetricData | AlertData)[]) =>
    given.flatMap((metric) => ('labels' in metric ? Object.keys(metric.values) : []))
  await until(() => samples(bad.state.given).length >= samples(good.state.given).length)
  assert.deepEqual(samples(bad.state.given), samples(good.state.given))
  const [metric] = good.state.given as readonly MetricData[]
  assert.deepEqual([metric!.labels.storage_id, metric!.labels.name], ['array-1', 'fake driver'])
  for (const alert of alerts.state.given as readonly AlertData[])
    assert.deepEqual(
      [alert.storage_id, alert.storage_name, alert.vendor, alert.model, alert.serial_number],
      ['array-1', 'fake driver', 'fake_vendor', 'fake_model', 'S-1'],
    )
  await agent.stop()
  checkBooks(agent.figures())
  for (const { pending, deadLettered } of agent.figures().exporters) assert.deepEqual([pending, deadLettered], [0, 0])
})

test('004-19 004-20 without a choice the examples tell at debug level what they were given', async (t) => {
  const told: [string, LogFields | undefined][] = []
  const log: Log = { ...silent, debug: (message, fields) => void told.push([message, fields]), child: () => log }
  const { arrays } = await runningArrays(t, { arrays: {}, log })
  await arrays.syncAlerts('array-1')
  const dispatched = () => told.find(([message]) => message === 'dispatched')
  await until(() => dispatched() !== undefined)
  assert.deepEqual(dispatched()![1], { exporter: 'AlertExporterExample', alerts: 4 })
  assert.equal(told.filter(([message]) => message === 'report data').length, 4)
})
