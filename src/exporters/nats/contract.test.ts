import { test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { startFakeNats } from './nats.fixture.ts'
import { NatsExporter } from './nats.ts'

const load = <Module>(name: string): Promise<Module> => import(name)

const identityOf = (body: string) => (JSON.parse(body) as { labels: Record<string, string> }).labels[identityLabel]!

for (const { name, run } of exporterContract(async () => {
  const server = await startFakeNats()
  return {
    exporter: new NatsExporter({ load, servers: [server.url] }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => server.stored.map(({ body }) => identityOf(body)),
    breakDestination: () => server.close(),
    stallDestination: async () => {
      server.behaviour = () => 'silence'
    },
    refuseSome: async () => {
      const error = { code: 400, err_code: 10054, description: 'message size exceeds maximum allowed' }
      server.behaviour = ({ body }) => (/[13579]$/.test(identityOf(body)) ? { error } : 'store')
    },
    close: () => server.close(),
  }
}))
  test(`nats: ${name}`, run)
