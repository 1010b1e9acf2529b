import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dispatchPlugins } from '../../../arrays/third-party/dispatch-plugins.ts'
import { defineExporter, type ExporterPlugin } from '../../../core/plugin.ts'
import { ok } from '../../../core/result.ts'
import { identifyPoints, samplePoints } from '../../../testing/sample-points.ts'
import { createTestHost } from '../../../testing/test-host.ts'
import { report, summary } from './report.ts'
import { type CaseOutcome, tryPlugin } from './trial.ts'

const create = (plugin: ExporterPlugin) => plugin.create({ name: plugin.type, config: {} as never, host: createTestHost() })
const trying = (module: Readonly<Record<string, unknown>>, plugin = dispatchPlugins(module)[0] as ExporterPlugin) =>
  tryPlugin({ plugin, module, create })
const failures = (outcomes: readonly CaseOutcome[]) => outcomes.filter(({ status }) => status === 'failed').map(({ name }) => name)

test('004-28 the contract is run on a class with a dispatch, of metrics and of alerts', async () => {
  class PerformanceExporterMine {
    async dispatch() {}
  }
  class AlertExporterMine {
    dispatch() {}
  }
  for (const module of [{ PerformanceExporterMine }, { AlertExporterMine }]) {
    const outcomes = await trying(module)
    assert.ok(outcomes.length > 15)
    assert.deepEqual([...new Set(outcomes.map(({ status }) => status))], ['passed'])
  }
})

test('004-28 what a dispatch does wrong is found: it leaves a timer, or fails where nothing is wrong', async () => {
  const timers: NodeJS.Timeout[] = []
  class PerformanceExporterLeaving {
    dispatch() {
      timers.push(setTimeout(() => {}, 60_000))
    }
  }
  class PerformanceExporterFailing {
    dispatch(_context: unknown, data: readonly unknown[]) {
      if (data.length > 4) throw new Error('too many')
    }
  }
  assert.deepEqual(failures(await trying({ PerformanceExporterLeaving })), ['leaves no timer and no socket when it has stopped'])
  for (const timer of timers) clearTimeout(timer)
  const failing = failures(await trying({ PerformanceExporterFailing }))
  assert.ok(failing.includes('delivers each record once') && failing.includes('delivers everything of concurrent exports'))
})

test('of any other exporter only its own contractSetup knows what has arrived', async () => {
  const plugin = defineExporter({
    type: 'lying',
    summary: 'Says ok, and delivers nothing.',
    signals: ['metrics'],
    create: ({ name }) => ({ name, export: async () => ok }),
  })
  const outcomes = await trying({ plugin }, plugin)
  assert.deepEqual(failures(outcomes), [])
  assert.ok(outcomes.some(({ name, status }) => name === 'delivers each record once' && status === 'unseen'))
  const contractSetup = async () => ({
    exporter: create(plugin),
    time: new Date(),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => [],
  })
  assert.ok(failures(await trying({ plugin, contractSetup }, plugin)).includes('delivers each record once'))
})

test('004-28 the report is a page for a pull request', () => {
  const outcomes: readonly CaseOutcome[] = [
    { name: 'a', status: 'passed', ms: 1.4 },
    { name: 'b', status: 'failed', ms: 2, error: new Error('it did not') },
    { name: 'c', status: 'unseen', ms: 0 },
  ]
  assert.equal(summary(outcomes), '1 passed, 1 failed, 1 not looked at')
  const page = report('./mine.ts', [{ type: 'Mine', outcomes }], new Date('2026-01-01'))
  assert.match(page, /^# Test report\n\n- of \.\/mine\.ts\n- on 2026-01-01T00:00:00\.000Z\n- by Waybill /)
  assert.match(page, /## Mine\n\nThe contract of exporters: 1 passed, 1 failed, 1 not looked at\.\n/)
  assert.match(page, /\| a \| passed \| 1 \|\n\| b \| \*\*failed\*\* \| 2 \|\n\| c \| not looked at \| 0 \|\n/)
  assert.match(page, /### b\n\n```\nit did not\n```\n$/)
})
