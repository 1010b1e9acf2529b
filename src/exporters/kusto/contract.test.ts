import { test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { Cluster, token } from './cluster.fixture.ts'
import { KustoExporter } from './kusto.ts'

async function setup() {
  const cluster = await Cluster.start()
  return {
    exporter: new KustoExporter({
      cluster: cluster.url,
      database: 'telemetry',
      auth: { type: 'token', token },
      load: (name) => import(name),
    }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () =>
      (cluster.tables.get('metrics')?.rows ?? []).map(({ labels }) => (labels as Record<string, string>)[identityLabel]!),
    /** Not closed, since the client would try for a while. */
    breakDestination: async () => cluster.misbehave({ status: 403 }),
    stallDestination: async () => cluster.misbehave('hang'),
    close: () => cluster.close(),
  }
}

for (const { name, run } of exporterContract(setup)) test(`kusto: ${name}`, run)
