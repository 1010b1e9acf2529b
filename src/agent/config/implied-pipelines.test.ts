import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineExporter, defineReceiver, ok, type Signal } from '../../sdk.ts'
import { loadText } from './load.ts'

const exporter = (type: string, signals: readonly Signal[]) =>
  defineExporter({ type, summary: 'For this test.', signals, create: ({ name }) => ({ name, export: async () => ok }) })
const plugins = [
  defineReceiver({
    type: 'both',
    summary: 'For this test.',
    signals: ['metrics', 'alerts'],
    create: ({ name }) => ({ name, listen: async () => {} }),
  }),
  exporter('everything', ['metrics', 'traces', 'logs', 'alerts', 'rows']),
  exporter('measures', ['metrics']),
  exporter('gauges', ['metrics', 'rows']),
  exporter('alarms', ['alerts']),
  exporter('spans', ['traces']),
]
const pipelinesOf = async (text: string) => {
  const { file } = await loadText(text, { path: 'w.yaml', plugins })
  return file.pipelines.map(({ name, from, process, signals, to }) => ({ name, from, process, signals, to }))
}

test('without pipelines each exporter gets what it takes, through every processor', async () => {
  const text =
    'receivers: [{ type: both }]\nprocessors: [{ type: labels, config: { set: { a: b } } }]\nexporters: [{ type: everything }, { type: measures }, { type: alarms }, { name: g, type: gauges }]'
  assert.deepEqual(await pipelinesOf(text), [
    { name: 'all', from: ['both'], process: ['labels'], signals: undefined, to: ['everything'] },
    { name: 'metrics', from: ['both'], process: ['labels'], signals: ['metrics'], to: ['measures', 'g'] },
    { name: 'alerts', from: ['both'], process: ['labels'], signals: ['alerts'], to: ['alarms'] },
  ])
})

test('one that takes nothing of what there is is a mistake', async () => {
  await assert.rejects(pipelinesOf('receivers: [{ type: both }]\nexporters: [{ type: spans }]'), /spans takes traces/)
})

test('what is written is what there is', async () => {
  const text =
    'receivers: [{ type: both }]\nexporters: [{ type: everything }, { type: measures }]\npipelines: [{ name: p, from: [both], to: [everything] }]'
  assert.deepEqual(
    (await pipelinesOf(text)).map(({ name, to }) => [name, to]),
    [['p', ['everything']]],
  )
})

test('arrays go to its own exporters as well, each as it takes them, and to those chosen', async () => {
  const pipelines = await pipelinesOf(
    'arrays: { performance_exporters: [PerformanceExporterKafka], exporter_settings: { PerformanceExporterKafka: { config: { brokers: ["127.0.0.1:9092"] } } }, alert_exporters: [] }\nexporters: [{ type: measures }]',
  )
  assert.deepEqual(
    pipelines.map(({ name, from, process, signals, to }) => [name, from, process, signals, to]),
    [
      ['metrics', ['arrays'], [], ['metrics'], ['measures']],
      ['arrays-metrics-PerformanceExporterKafka', ['arrays'], ['array_names'], ['metrics'], ['PerformanceExporterKafka']],
    ],
  )
})
