import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadFile, loadText } from '../src/agent/config/load.ts'
import { Pipeline } from '../src/agent/pipeline.ts'
import filter from '../src/processors/filter/filter.ts'
import labels from '../src/processors/labels/labels.ts'
import limit from '../src/processors/limit_cardinality/limit_cardinality.ts'
import sample from '../src/processors/sample/sample.ts'
import { type Batch, createContext, Ledger, metrics, ok, type ProcessorPlugin, recordsOf, series } from '../src/sdk.ts'
import { checkBooks, createTestHost } from '../src/testing/index.ts'

const batch = metrics([1, 2, 3, 4].map((value) => ({ series: series('m', { n: String(value) }), timeMs: 0, value })))

const cases: readonly (readonly [plugin: ProcessorPlugin, config: object, filtered: number])[] = [
  [filter, { drop: 'value > 2.0' }, 2],
  [filter, { keep: 'labels.absent == "x"' }, 4],
  [labels, { drop: ['n'] }, 0],
  [sample, { rate: 0 }, 4],
  [sample, { rate: 1 }, 0],
  [limit, { maxSeries: 3 }, 1],
]

for (const [plugin, config, filtered] of cases) {
  test(`a pipeline counts what ${plugin.type} ${JSON.stringify(config)} takes out as filtered by it`, async () => {
    const ledger = new Ledger({ strict: true })
    const arrived: Batch[] = []
    const processor = plugin.create({ name: 'step', config: plugin.config!.parse(config) as never, host: createTestHost() })
    const pipeline = new Pipeline({
      name: 'p',
      account: ledger.pipeline('p'),
      steps: [{ processor, signals: plugin.signals }],
      to: {
        name: 'out',
        async export(_time, batch) {
          arrived.push(batch)
          return ok
        },
      },
      signals: undefined,
    })
    assert.deepEqual(await pipeline.export(new Date(0), batch, createContext()), ok)
    checkBooks(ledger.figures())
    const [figures] = ledger.figures().pipelines
    assert.equal(figures!.handedOn, 4 - filtered)
    assert.deepEqual(figures!.filtered, filtered > 0 ? { step: filtered } : {})
    assert.equal(arrived.flatMap(recordsOf).length, 4 - filtered)
  })
}

test('a condition that is none is told with its line when the file is checked', async () => {
  const file = `exporters: [{ type: console }]
processors:
  - type: filter
    config:
      keep: 'value > 1.0'
      drop: 'valve > 1.0'
`
  await assert.rejects(loadText(file, { path: 'w.yaml' }), {
    message: /^w\.yaml:6:13: processors\[0\]\.config\.drop: "valve > 1\.0" is not a condition: Unknown variable: valve; it may use signal,/,
  })
})

for (const plugin of [filter, labels, sample, limit]) {
  test(`the example of ${plugin.type} is a configuration with it`, async () => {
    const { processors } = await loadFile(join(import.meta.dirname, `../src/processors/${plugin.type}/example.yaml`))
    assert.deepEqual(
      processors.map((processor) => processor.plugin),
      [plugin],
    )
  })
}
