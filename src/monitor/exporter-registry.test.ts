import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { silent } from '../core/log.ts'
import { retry } from '../core/result.ts'
import { BaseExporter, type Metrics } from './base-exporter.ts'
import { ExporterRegistry } from './exporter-registry.ts'

class List extends BaseExporter<{ fails?: boolean; refuses?: boolean }> {
  readonly calls: unknown[] = []

  override start() {
    this.calls.push('start')
    if (this.config.fails) throw new Error('no start')
  }
  override stop() {
    this.calls.push('stop')
    if (this.config.fails) throw new Error('no stop')
  }
  export(metrics: Metrics, unixSeconds: number) {
    if (this.config.fails) throw new Error('no export')
    if (this.config.refuses) return retry(new Error('later'))
    this.calls.push([metrics, unixSeconds])
    return undefined
  }
}

function setUp() {
  const logged: string[] = []
  const note = (message: string, fields: object = {}) => {
    const { exporter, error } = fields as { exporter?: string; error?: Error }
    logged.push(`${exporter}: ${message}${error ? `: ${error.message}` : ''}`)
  }
  const registry = new ExporterRegistry({ context: createContext({ log: { ...silent, info: note, warn: note, error: note } }) })
  registry.registerExporterClass('list', List)
  return { registry, logged, create: (name: string, config = {}) => registry.createExporter(name, 'list', config) as List }
}

test('002-01 the base class has config, enabled and export', () => {
  const config = { fails: false }
  const exporter = new List(config)
  assert.deepEqual([exporter.config, exporter.enabled], [config, true])
  assert.deepEqual(new List().config, {})
  exporter.export({ a: 1 }, 2.5)
  assert.deepEqual(exporter.calls, [[{ a: 1 }, 2.5]])
})

test('002-02 start and stop may be left out, the name is that of the class', async () => {
  class Least extends BaseExporter {
    export() {}
  }
  const least = new Least()
  await least.start()
  await least.stop()
  assert.deepEqual([least.name, new List().name], ['Least', 'List'])
})

test('002-19 002-20 classes are registered, exporters created by name and got again', () => {
  const { registry, create } = setUp()
  const exporter = create('mine', { refuses: true })
  assert.ok(exporter instanceof List)
  assert.equal(registry.getExporter('mine'), exporter)
  assert.deepEqual(exporter.config, { refuses: true })
  assert.equal(registry.getExporter('other'), undefined)
  assert.throws(() => create('mine'), { code: 'DUPLICATE_NAME' })
})

test('002-22 an unknown type is named, and what a class says of its configuration is told', () => {
  const { registry } = setUp()
  assert.throws(() => registry.createExporter('a', 'X'), { code: 'UNKNOWN_EXPORTER_TYPE', message: 'Unknown exporter type: X' })
  registry.registerExporterClass(
    'strict',
    class extends List {
      constructor(config: object) {
        super(config)
        throw new Error('strict requires more')
      }
    },
  )
  assert.throws(() => registry.createExporter('a', 'strict'), /strict requires more/)
  assert.equal(registry.getExporter('a'), undefined)
})

test('002-20 all are started and stopped; what one fails at is told and logged, and stops no other', async () => {
  const { registry, create, logged } = setUp()
  const [good] = [create('good'), create('bad', { fails: true })]
  assert.deepEqual([...(await registry.startAll()).keys()], ['bad'])
  assert.deepEqual([...(await registry.stopAll()).keys()], ['bad'])
  assert.deepEqual(good.calls, ['start', 'stop'])
  assert.deepEqual(logged, ['bad: could not be started: no start', 'good: started', 'bad: could not be stopped cleanly: no stop'])
})

test('002-21 002-33 samples go to all that are enabled; failures are isolated, logged and in the result', async () => {
  const { registry, create, logged } = setUp()
  const [good, off] = [create('good'), create('off'), create('bad', { fails: true }), create('busy', { refuses: true })]
  off.enabled = false
  const results = await registry.exportMetrics({ a: 1 }, 1_750_693_377.5)
  assert.deepEqual(
    [...results].map(([name, { status }]) => [name, status]),
    [
      ['good', 'ok'],
      ['bad', 'retry'],
      ['busy', 'retry'],
    ],
  )
  assert.deepEqual([good.calls, off.calls], [[[{ a: 1 }, 1_750_693_377.5]], []])
  assert.deepEqual(logged, ['bad: not everything was taken: no export', 'busy: not everything was taken: later'])
  off.enabled = true
  await registry.exportMetrics({ a: 2 }, 2)
  assert.deepEqual(off.calls, [[{ a: 2 }, 2]])
})

test('J6 what an exporter keeps is a snapshot: changing the metrics later changes no history', async () => {
  const { registry, create } = setUp()
  const exporter = create('list')
  const metrics: Record<string, number> = { a: 1 }
  const exporting = registry.exportMetrics(metrics, 1)
  metrics.a = 2
  await exporting
  await registry.exportMetrics(metrics, 2)
  assert.deepEqual(exporter.calls, [
    [{ a: 1 }, 1],
    [{ a: 2 }, 2],
  ])
})
