import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from '../sdk.ts'
import { readDelfinConf } from './delfin-conf.ts'
import { chosenSchema, configurationOf } from './third-party/chosen-exporters.ts'

const usual = `
[DEFAULT]
api_paste_config = /etc/delfin/api-paste.ini
delfin_cryptor = delfin.cryptor._Base64
api_max_limit = 1000
# Uncomment or add exporters
performance_exporters = PerformanceExporterPrometheus, PerformanceExporterKafka
alert_exporters = AlertExporterPrometheus
delfin_listen_port = 8190
trap_receiver_address = 127.0.0.1
trap_receiver_port = 1162

[database]
connection = sqlite:////var/lib/delfin/delfin.sqlite

[TELEMETRY]
performance_collection_interval = 60
performance_timestamp_overlap = 30
max_failed_task_retry_window = 3600

[KAFKA_EXPORTER]
kafka_topic_name = "delfin-kafka"
kafka_ip = 'localhost'
kafka_port = '9092'

[PROMETHEUS_EXPORTER]
metric_server_ip = 127.0.0.1
metric_server_port = 8195
metrics_dir = /var/lib/delfin/metrics

[PROMETHEUS_ALERT_MANAGER_EXPORTER]
alert_manager_host = 'localhost'
alert_manager_port = '9093'
`

test('004-09 a delfin.conf with its sections and keys', () => {
  const { arrays } = readDelfinConf(usual, 'delfin.conf')
  assert.deepEqual(arrays, {
    performance_exporters: ['PerformanceExporterPrometheus', 'PerformanceExporterKafka'],
    alert_exporters: ['AlertExporterPrometheus'],
    listen: '127.0.0.1:8190',
    traps: { listen: '127.0.0.1:1162' },
    collection: { interval: '60s', overlap: '30s', retry_window: '3600s' },
    exporter_settings: {
      PerformanceExporterKafka: { config: { topic: 'delfin-kafka', brokers: ['localhost:9092'] } },
      PerformanceExporterPrometheus: { config: { listen: '127.0.0.1:8195' } },
      AlertExporterPrometheus: { config: { url: 'http://localhost:9093' } },
    },
  })
})

test('004-09 what has no meaning is told with its line, and why', () => {
  const { notes } = readDelfinConf(usual, 'delfin.conf')
  assert.deepEqual(notes, [
    'delfin.conf:3: api_paste_config in [DEFAULT] has no meaning here: the API has no filters to be put together',
    'delfin.conf:4: delfin_cryptor in [DEFAULT] has no meaning here: access data is encrypted with a key of Waybill’s own',
    'delfin.conf:5: api_max_limit in [DEFAULT] has no meaning here: a list has at most 1000 entries at once',
    'delfin.conf:14: connection in [database] has no meaning here: Waybill keeps arrays in a database of its own: register them anew',
    'delfin.conf:29: metrics_dir in [PROMETHEUS_EXPORTER] has no meaning here: no files lie between collecting and scraping',
  ])
})

test('004-09 004-10 exporters as the guide writes them, with a comment behind; a section of its name is the config of one’s own', () => {
  const conf = `performance_exporters = PerformanceExporterThirParty, #PerformanceExporterPrometheus, PerformanceExporterKafka
alert_exporters = AlertExporterThirParty
[PerformanceExporterThirParty]
url = http://127.0.0.1:1/write
[PROMETHEUS_EXPORTER]
metric_server_port = 9
`
  const { arrays, notes } = readDelfinConf(conf, 'x')
  assert.deepEqual(arrays, {
    performance_exporters: ['PerformanceExporterThirParty'],
    alert_exporters: ['AlertExporterThirParty'],
    exporter_settings: { PerformanceExporterThirParty: { config: { url: 'http://127.0.0.1:1/write' } } },
  })
  assert.deepEqual(notes, ['x:6: metric_server_port in [PROMETHEUS_EXPORTER] is of PerformanceExporterPrometheus, which is not chosen'])
})

test('004-09 it chooses what a configuration in YAML would', () => {
  const { exporter_settings: exporterSettings, performance_exporters: performanceExporters } = readDelfinConf(usual, 'x').arrays
  const chosen = z.object(chosenSchema).parse({ exporterSettings, performanceExporters, alertExporters: ['AlertExporterPrometheus'] })
  assert.deepEqual(
    configurationOf(chosen, []).exporters.map(({ name, type }) => [name, type]),
    [
      ['PerformanceExporterPrometheus', 'prometheus'],
      ['PerformanceExporterKafka', 'kafka'],
      ['AlertExporterPrometheus', 'alertmanager'],
    ],
  )
})

test('values may go over several lines; an address of version 6 is in brackets', () => {
  const { arrays } = readDelfinConf('performance_exporters = A,\n  B\n; no\ndelfin_listen = ::1\n', 'x')
  assert.deepEqual(arrays, { performance_exporters: ['A', 'B'], listen: '[::1]:8190' })
})

test('what cannot be read is told with its line', () => {
  assert.throws(() => readDelfinConf('[DEFAULT]\nwhat is this', 'x'), { code: 'CONFIG_SYNTAX', at: 'x:2' })
  assert.throws(() => readDelfinConf('[telemetry]\n\nperformance_collection_interval = soon', 'x'), {
    code: 'CONFIG_INVALID_VALUE',
    at: 'x:3',
  })
})
