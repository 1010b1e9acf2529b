import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineExporter, ok, WaybillError, z } from '../../sdk.ts'
import { chosenSchema, configurationOf } from './chosen-exporters.ts'

const chosen = (given: z.input<z.ZodObject<typeof chosenSchema>>) => z.object(chosenSchema).parse(given)
const buffer = { type: 'disk' }
const mine = defineExporter({
  type: 'PerformanceExporterMine',
  summary: 'Mine.',
  signals: ['metrics'],
  create: ({ name }) => ({ name, export: async () => ok }),
})

test('004-01 004-08 several exporters are chosen by class name, each with a pipeline, and so a buffer and books, of its own', () => {
  const { exporters, pipelines, processors } = configurationOf(
    chosen({
      performanceExporters: ['PerformanceExporterMine', 'PerformanceExporterPrometheus'],
      alertExporters: ['AlertExporterPrometheus'],
      exporterSettings: { PerformanceExporterMine: { config: { url: 'x' }, buffer: { type: 'memory' } } },
    }),
    [mine],
  )
  assert.deepEqual(exporters, [
    { name: 'PerformanceExporterMine', type: 'PerformanceExporterMine', config: { url: 'x' }, buffer: { type: 'memory' } },
    { name: 'PerformanceExporterPrometheus', type: 'prometheus', config: { listen: '127.0.0.1:8195', stale_after: '45m' }, buffer },
    { name: 'AlertExporterPrometheus', type: 'alertmanager', buffer },
  ])
  assert.deepEqual(
    pipelines.map(({ from, signals, to }) => [from, signals, to]),
    [
      [['arrays'], ['metrics'], ['PerformanceExporterMine']],
      [['arrays'], ['metrics'], ['PerformanceExporterPrometheus']],
      [['arrays'], ['alerts'], ['AlertExporterPrometheus']],
    ],
  )
  assert.deepEqual(processors, [])
})

test('004-20 by default the examples are chosen', () => {
  const { exporters } = configurationOf(chosen({}), [])
  assert.deepEqual(
    exporters.map(({ type }) => type),
    ['PerformanceExporterExample', 'AlertExporterExample'],
  )
})

test('004-21 004-22 004-23 Prometheus, Kafka and Alertmanager are the exporters of those names, with settings over the usual ones', () => {
  const { exporters, pipelines, processors } = configurationOf(
    chosen({
      performanceExporters: ['PerformanceExporterKafka', 'PerformanceExporterPrometheus'],
      alertExporters: ['AlertExporterAlertmanager', 'AlertExporterKafka'],
      exporterSettings: { PerformanceExporterKafka: { config: { brokers: ['k:9092'] } }, AlertExporterAlertmanager: { timeout: '5s' } },
    }),
    [],
  )
  assert.deepEqual(exporters, [
    {
      name: 'PerformanceExporterKafka',
      type: 'kafka',
      config: { topic: 'delfin-kafka', format: 'metric_arrays', brokers: ['k:9092'] },
      buffer,
    },
    { name: 'PerformanceExporterPrometheus', type: 'prometheus', config: { listen: '127.0.0.1:8195', stale_after: '45m' }, buffer },
    { name: 'AlertExporterAlertmanager', type: 'alertmanager', timeout: '5s', buffer },
    { name: 'AlertExporterKafka', type: 'kafka', config: { topic: 'delfin-kafka-alerts' }, buffer },
  ])
  assert.deepEqual(pipelines[0]!.process, ['array_names'])
  assert.deepEqual(processors, [{ name: 'array_names', type: 'array_names' }])
})

test('004-08 an unknown name is an error that lists those that there are', () => {
  const fails = (given: Parameters<typeof chosen>[0], code: string, text: RegExp) =>
    assert.throws(
      () => configurationOf(chosen(given), [mine]),
      (thrown: unknown) => thrown instanceof WaybillError && thrown.code === code && text.test(thrown.explain()),
    )
  fails(
    { performanceExporters: ['PerformanceExporterThirdParty'] },
    'CONFIG_UNKNOWN_NAME',
    /performance_exporters names PerformanceExporterThirdParty.*known are PerformanceExporterExample.*PerformanceExporterKafka, PerformanceExporterMine$/,
  )
  fails({ alertExporters: ['Nobody'] }, 'CONFIG_UNKNOWN_NAME', /known are AlertExporterExample, AlertExporterPrometheus/)
  fails({ alertExporters: ['PerformanceExporterMine'] }, 'CONFIG_SIGNAL_MISMATCH', /takes metrics and no alerts/)
  fails({ exporterSettings: { PerformanceExporterMine: {} } }, 'CONFIG_UNKNOWN_NAME', /not among the exporters chosen/)
})

test('a name twice is chosen once; one class may take both', () => {
  const both = defineExporter({
    type: 'Both',
    summary: 'Both.',
    signals: ['metrics', 'alerts'],
    create: ({ name }) => ({ name, export: async () => ok }),
  })
  const { exporters, pipelines } = configurationOf(chosen({ performanceExporters: ['Both', 'Both'], alertExporters: ['Both'] }), [both])
  assert.deepEqual(exporters, [{ name: 'Both', type: 'Both', buffer }])
  assert.deepEqual(
    pipelines.map(({ name }) => name),
    ['arrays-metrics-Both', 'arrays-alerts-Both'],
  )
})
