import { test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { startInfluxDB } from './influxdb.fixture.ts'
import { InfluxDBExporter, type InfluxDBExporterOptions } from './influxdb.ts'

async function setup(version: 1 | 2 | 3, options: Partial<InfluxDBExporterOptions>) {
  const endings: (() => unknown)[] = []
  const influxdb = await startInfluxDB({ after: (end) => endings.push(end as () => unknown) }, { version })
  let stalled = false
  influxdb.answerInstead = (_request, response) => {
    response.setHeader('connection', 'close')
    return stalled
  }
  return {
    exporter: new InfluxDBExporter({ url: influxdb.url, ...options }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => [...influxdb.stored.keys()].map((key) => new RegExp(`${identityLabel}=(\\S+)`).exec(key)![1]!),
    breakDestination: () => influxdb.close(),
    stallDestination: async () => {
      stalled = true
    },
    refuseSome: async () => {
      influxdb.refuse = ({ fields }) => (Number(fields[0]![1]) % 3 === 0 ? 'field type conflict' : undefined)
    },
    close: async () => {
      await Promise.all(endings.map((end) => end()))
    },
  }
}

for (const [version, options] of [
  [1, { database: 'a' }],
  [1, { database: 'a', measurement: 'system_metrics' }],
  [2, { org: 'o', bucket: 'b', token: 't' }],
  [3, { database: 'a', token: 't' }],
] as const)
  for (const { name, run } of exporterContract(() => setup(version, options)))
    test(`influxdb ${version}${'measurement' in options ? ', one measurement' : ''}: ${name}`, run)
