import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JsonDecoder } from '../codecs/json/json.ts'
import { createContext } from '../core/context.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { honestStorage } from '../testing/storage-contract/honest.fixture.ts'
import type { DiagnosticsRunReport } from './diagnostic.ts'
import { createDiagnosticsEncoder, createDiagnosticsExportController, createDiagnosticsExporter } from './export.ts'
import { DiagnosticService } from './service.ts'

/** The reports stored in twenty seconds, by path. */
async function stored(layout: 'cluster' | 'application'): Promise<Record<string, DiagnosticsRunReport>> {
  const clock = new ManualClock(Date.UTC(2025, 4, 19, 22, 27))
  const service = new DiagnosticService()
  service.register('coin-flip', 'A coin.', 'random', () => ({ result: 'heads' }))
  const storage = honestStorage()
  const controller = createDiagnosticsExportController('c1', 'finops', storage, service, { layout, context: createContext({ clock }) })
  controller.start('10s')
  await clock.advance(10_000)
  await controller.stop()
  const directory = layout === 'cluster' ? 'c1/diagnostics/finops' : 'finops/c1/diagnostics'
  const decoder = new JsonDecoder<DiagnosticsRunReport>()
  const reports: Record<string, DiagnosticsRunReport> = {}
  for (const { name } of await storage.list(directory)) reports[name] = decoder.decode((await storage.read(name))!)
  return reports
}

test('000-33 the encoder writes JSON', () => {
  const { extension, contentType } = createDiagnosticsEncoder()
  assert.deepEqual([extension, contentType], ['json', 'application/json'])
})

test('000-34 000-35 a report every ten seconds, by cluster', async () => {
  const reports = await stored('cluster')
  assert.deepEqual(Object.keys(reports), ['c1/diagnostics/finops/20250519222700.json', 'c1/diagnostics/finops/20250519222710.json'])
  const [report] = Object.values(reports)
  assert.deepEqual(Object.keys(report ?? {}), ['startTime', 'results'])
})

test('000-34 or by application, which the report then names', async () => {
  const reports = await stored('application')
  assert.deepEqual(Object.keys(reports), ['finops/c1/diagnostics/20250519222700.json', 'finops/c1/diagnostics/20250519222710.json'])
  assert.equal(Object.values(reports)[0]?.application, 'finops')
})

test('000-33 the exporter writes where the layout says, and refuses a cluster that leads elsewhere', () => {
  const destination = (cluster: string) => createDiagnosticsExporter(cluster, 'finops', honestStorage()).destination
  assert.equal(destination('c1'), 'here/c1/diagnostics/finops')
  for (const cluster of ['', '..']) assert.throws(() => destination(cluster), { code: 'INVALID_OPTION' })
})
