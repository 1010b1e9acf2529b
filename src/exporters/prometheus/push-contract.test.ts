import { test } from 'node:test'
import { startServer } from '../../http/server.fixture.ts'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { PrometheusExporter } from './prometheus.ts'

async function setup() {
  const endings: (() => unknown)[] = []
  let stalled = false
  let text = ''
  const server = await startServer({ after: (end: () => unknown) => endings.push(end) } as never, (_request, response) => {
    if (stalled) return
    text = String(server.requests.at(-1)!.body)
    response.writeHead(200, { connection: 'close' }).end()
  })
  return {
    exporter: new PrometheusExporter({ pushgatewayUrl: server.url }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => Array.from(text.matchAll(new RegExp(`${identityLabel}="([^"]*)"`, 'g')), ([, record]) => record!),
    breakDestination: () => server.close(),
    stallDestination: async () => {
      stalled = true
    },
    close: async () => {
      await Promise.all(endings.map((end) => end()))
    },
  }
}

for (const { name, run } of exporterContract(setup)) test(`prometheus, pushed: ${name}`, run)
