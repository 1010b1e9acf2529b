import { test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { PrometheusRemoteWriteExporter, type PrometheusRemoteWriteExporterOptions } from './prometheus_remote_write.ts'
import { startRemoteWrite } from './remote-write.fixture.ts'

async function setup(options: Partial<PrometheusRemoteWriteExporterOptions>) {
  const endings: (() => unknown)[] = []
  const server = await startRemoteWrite({ after: (end: unknown) => endings.push(end as () => unknown) } as never)
  let stalled = false
  server.answerInstead = (_request, response) => {
    response.setHeader('connection', 'close')
    return stalled
  }
  return {
    exporter: new PrometheusRemoteWriteExporter({ url: server.url, ...options }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => server.stored.map(({ labels }) => labels[identityLabel]!),
    breakDestination: () => server.close(),
    stallDestination: async () => {
      stalled = true
    },
    refuseSome: async () => {
      server.refuse = (labels) => /[147]$/.test(labels[identityLabel]!)
    },
    close: async () => {
      await Promise.all(endings.map((end) => end()))
    },
  }
}

for (const [name, options] of [
  ['version 1', {}],
  ['version 2', { version: 2 }],
  ['version 1 in parts', { maxPointsPerRequest: 3 }],
] as const)
  for (const { name: of, run } of exporterContract(() => setup(options))) test(`prometheus_remote_write, ${name}: ${of}`, run)
