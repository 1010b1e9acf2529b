import { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { startGrpcCollector, startHttpCollector } from './collector.fixture.ts'
import type { Protocol } from './config.ts'
import { OtlpExporter } from './otlp.ts'

async function setup(protocol: Protocol) {
  const endings: (() => unknown)[] = []
  const start = protocol === 'grpc' ? startGrpcCollector : startHttpCollector
  const collector = await start({ after: (end) => endings.push(end as () => unknown) })
  let stalled = false
  collector.answerInstead = (to) => {
    if (to instanceof ServerResponse) to.setHeader('connection', 'close')
    return stalled
  }
  return {
    exporter: new OtlpExporter({ endpoint: collector.url, protocol }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () =>
      collector.taken.flatMap(({ request }) =>
        [...JSON.stringify(request).matchAll(new RegExp(`"${identityLabel}","value":{"stringValue":"([^"]+)"`, 'g'))].map(([, id]) => id!),
      ),
    breakDestination: () => collector.close(),
    stallDestination: async () => {
      stalled = true
    },
    refuseSome: async () => {
      collector.answer = { rejected: 3, message: 'too old' }
    },
    close: async () => {
      await Promise.all(endings.map((end) => end()))
    },
  }
}

for (const protocol of ['http/protobuf', 'http/json', 'grpc'] as const)
  for (const { name, run } of exporterContract(() => setup(protocol))) test(`otlp over ${protocol}: ${name}`, run)
