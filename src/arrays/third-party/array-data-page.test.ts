import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type AlertData, alertData, alertOf, severities } from './alert-data.ts'
import { type MetricData, metricData, pointsOf } from './metric-data.ts'

const page = readFileSync(new URL('../../../docs/reference/array-data.md', import.meta.url), 'utf8')

/** The JSON of the page that is marked so. */
const example = <T>(mark: string): T => JSON.parse(new RegExp(`^\`\`\`json ${mark}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)![1]!) as T

test('004-07 the page shows metrics as an exporter is given them', () => {
  const metric = example<MetricData>('metric')
  const { storage_id, storage_name, serial_number, name: _name, ...own } = metric.labels
  const array = { storage_id: storage_id!, storage_name: storage_name!, serial_number: serial_number! }
  assert.deepEqual(metricData(pointsOf({ ...metric, labels: own }, array)).data, [metric])
  for (const label of Object.keys(metric.labels)) assert.match(page, new RegExp(`\\| .*\`${label}\``))
})

test('004-07 the page shows alerts as an exporter is given them', () => {
  const alert = example<AlertData>('alert')
  const { storage_id, storage_name, vendor, model, serial_number, ...own } = alert
  const array = { id: storage_id!, name: storage_name!, vendor: vendor!, model: model!, serial_number: serial_number! }
  assert.deepEqual(alertData(alertOf(own, array)), alert)
  for (const word of [...severities, ...Object.keys(alert)]) assert.ok(page.includes(`\`${word}\``) || page.includes(`"${word}"`), word)
})

test('004-07 the page names every measure with its unit', () => {
  const known: Readonly<Record<string, string>> = {
    iops: 'IOPS',
    readIops: 'IOPS',
    writeIops: 'IOPS',
    throughput: 'MB/s',
    readThroughput: 'MB/s',
    writeThroughput: 'MB/s',
    responseTime: 'ms',
    readResponseTime: 'ms',
    writeResponseTime: 'ms',
    ioSize: 'KB',
    readIoSize: 'KB',
    writeIoSize: 'KB',
    cacheHitRatio: '%',
    readCacheHitRatio: '%',
    writeCacheHitRatio: '%',
    cpuUsage: '%',
  }
  for (const [name, unit] of Object.entries(known)) assert.match(page, new RegExp(`\\|.*\`${name}\`.*\\| \`${unit}\``), name)
})
