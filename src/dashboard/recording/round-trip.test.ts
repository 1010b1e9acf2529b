/** What the exporters write is what a replay reads. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { CsvExporter } from '../../exporters/csv/csv.ts'
import { JsonExporter } from '../../exporters/json/json.ts'
import { createContext, type Exporter, type MetricsBatch, metrics, ok, series } from '../../sdk.ts'
import { readRecording } from './recording.ts'

/** CPU shares come with the second sample, as rates do. */
const recorded = [
  [1_795_309_323_456, { 'swap.total.used.bytes': 0 }],
  [1_795_309_324_456, { 'swap.total.used.bytes': 4096, 'cpu.cpu.0.total.utilization.percent': 12.5 }],
  [1_795_309_325_456.5, { 'cpu.cpu.0.total.utilization.percent': 1e-7 }],
] as const

async function roundTrip(context: TestContext, make: (filename: string) => Exporter<Date, MetricsBatch>) {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-recording-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const filename = join(folder, 'cubestat.out')
  const exporter = make(filename)
  await exporter.start?.(createContext())
  for (const [timeMs, values] of recorded) {
    const points = Object.entries(values).map(([name, value]) => ({ series: series(name), timeMs, value: value as number }))
    assert.deepEqual(await exporter.export(new Date(timeMs), metrics(points), createContext()), ok)
  }
  await exporter.stop?.(createContext())
  const read: unknown[] = []
  for await (const { timeMs, values } of readRecording(filename)) read.push([timeMs, Object.fromEntries(values)])
  assert.deepEqual(read, recorded)
}

test('wide CSV, widened', (context) => roundTrip(context, (filename) => new CsvExporter({ filename })))
test('wide CSV, in parts', (context) => roundTrip(context, (filename) => new CsvExporter({ filename, widenUpTo: 0 })))
test('wide CSV, rewritten at the stop', (context) =>
  roundTrip(context, (filename) => new CsvExporter({ filename, widenUpTo: 0, newColumns: 'rewrite' })))
test('long CSV', (context) => roundTrip(context, (filename) => new CsvExporter({ filename, format: 'long' })))
test('local times', (context) => roundTrip(context, (filename) => new CsvExporter({ filename, timeZone: 'local' })))
test('JSON', (context) => roundTrip(context, (filename) => new JsonExporter({ filename })))
test('JSON for people', (context) => roundTrip(context, (filename) => new JsonExporter({ filename, pretty: true })))
