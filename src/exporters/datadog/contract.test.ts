import { test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { apiKey, startDatadog } from './datadog.fixture.ts'
import { DatadogExporter, type DatadogExporterOptions } from './datadog.ts'

async function setup(options: DatadogExporterOptions) {
  const endings: (() => unknown)[] = []
  const server = await startDatadog({ after: (end: unknown) => endings.push(end as () => unknown) } as never)
  let stalled = false
  server.answerInstead = (response) => {
    response.setHeader('connection', 'close')
    return stalled
  }
  return {
    exporter: new DatadogExporter({ url: server.url, apiKey, ...options }),
    time: new Date(0),
    batch: (count: number, tag: string) => samplePoints(count, tag, Date.now()),
    identify: identifyPoints,
    received: async () =>
      server.taken.flatMap(({ body }) =>
        (body as { series: { tags: string[] }[] }).series.map(({ tags }) => tags[0]!.slice(identityLabel.length + 1)),
      ),
    breakDestination: () => server.close(),
    stallDestination: async () => {
      stalled = true
    },
    close: async () => {
      await Promise.all(endings.map((end) => end()))
    },
  }
}

for (const [name, options] of [
  ['version 2', {}],
  ['version 2, protobuf and zstd', { format: 'protobuf', compression: 'zstd' }],
  ['version 1', { version: 1 }],
] as const)
  for (const { name: of, run } of exporterContract(() => setup(options))) test(`datadog, ${name}: ${of}`, run)
