import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordCondition } from '../../expressions/record-condition.ts'
import { type Batch, createContext, type LogFields, metrics, recordsOf, series, silent } from '../../sdk.ts'
import { createTestHost } from '../../testing/index.ts'
import plugin, { FilterProcessor, type FilterProcessorOptions } from './filter.ts'

const point = (name: string, value: number, labels: Record<string, string> = {}) => ({ series: series(name, labels), timeMs: 0, value })
const disks = metrics([
  point('disk.used', 9, { device: 'sda' }),
  point('disk.used', 5, { device: 'sdb' }),
  point('cpu.load', 7),
  point('cpu.time', 2),
])
const logs: Batch = {
  signal: 'logs',
  records: [
    { timeNs: 0n, body: 'disk full', severityText: 'ERROR' },
    { timeNs: 1n, body: 'hello' },
  ],
}

/** A filter, what is left of a batch after it, and what it warned of. */
function setUp(options: FilterProcessorOptions) {
  const warnings: LogFields[] = []
  const context = createContext({ log: { ...silent, warn: (_, fields = {}) => warnings.push(fields) } })
  const filter = new FilterProcessor(options)
  return { filter, warnings, left: (batch: Batch) => recordsOf(filter.process(batch, context)) }
}

const valuesLeft = (options: FilterProcessorOptions) =>
  setUp(options)
    .left(disks)
    .map((record) => (record as { value: number }).value)

test('by the names of metrics: what is excluded goes even if it is included', () => {
  assert.deepEqual(valuesLeft({}), [9, 5, 7, 2])
  assert.deepEqual(valuesLeft({ includeMetrics: ['cpu.*'] }), [7, 2])
  assert.deepEqual(valuesLeft({ excludeMetrics: ['*.time', 'disk.used'] }), [7])
  assert.deepEqual(valuesLeft({ includeMetrics: ['cpu.*'], excludeMetrics: ['cpu.time'] }), [7])
  assert.deepEqual(setUp({ includeMetrics: ['cpu.*'] }).left(logs), recordsOf(logs))
})

test('by conditions: keep, drop, and both', () => {
  const [keep, drop] = [recordCondition('value > 4.0'), recordCondition('name == "disk.used" && labels.device == "sda"')]
  assert.deepEqual(valuesLeft({ keep }), [9, 5, 7])
  assert.deepEqual(valuesLeft({ drop }), [5, 7, 2])
  assert.deepEqual(valuesLeft({ keep, drop }), [5, 7])
  assert.deepEqual(setUp({ keep: recordCondition('severity == "ERROR"') }).left(logs), recordsOf(logs).slice(0, 1))
})

test('what names and keep have taken out is not asked about again', () => {
  const asked: number[] = []
  const drop = (_: Batch, index: number) => asked.push(index) === 0
  valuesLeft({ drop, keep: recordCondition('value > 4.0'), excludeMetrics: ['cpu.*'] })
  assert.deepEqual(asked, [0, 1])
})

test('a condition that throws is no match: keep does not keep, drop does not drop', () => {
  const throwing = recordCondition('labels.device == "sda"')
  const keeping = setUp({ keep: throwing })
  assert.equal(keeping.left(disks).length, 1)
  assert.equal(keeping.filter.failures, 2)
  const dropping = setUp({ drop: throwing })
  assert.equal(dropping.left(disks).length, 3)
  assert.equal(dropping.filter.failures, 2)
})

test('it says so once each time that a condition begins to throw, with its text', () => {
  const { left, warnings, filter } = setUp({ name: 'f', drop: recordCondition('labels.device == "sda"') })
  const fine = metrics(disks.points.slice(0, 2))
  for (const batch of [fine, disks, disks, fine, disks]) left(batch)
  assert.equal(warnings.length, 2)
  assert.equal(filter.failures, 6)
  const { processor, condition, error } = warnings[0]!
  assert.deepEqual({ processor, condition }, { processor: 'f', condition: 'drop' })
  assert.match((error as Error).message, /labels\.device == "sda": No such key: device$/)
})

test('as a plugin it takes CEL, and tells what is wrong with it', () => {
  const made = plugin.create({ name: 'f', config: plugin.config!.parse({ keep: 'value > 8.0' }) as never, host: createTestHost() })
  assert.deepEqual(made.process(disks, createContext()), metrics(disks.points.slice(0, 1)))
  assert.throws(() => plugin.config!.parse({ keep: 'valve > 8.0' }), /valve.*it may use signal, name, value/s)
  assert.throws(() => plugin.config!.parse({ drop: 'value + 1.0' }), /not true or false/)
})
