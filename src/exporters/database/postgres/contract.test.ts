import { test } from 'node:test'
import { exporterContract } from '../../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../../testing/sample-points.ts'
import { DatabaseExporter, type DatabaseExporterOptions } from '../database.ts'
import { startFakePostgres } from './postgres.fixture.ts'

const load = <Module>(name: string): Promise<Module> => import(name)
async function setup(
  options: DatabaseExporterOptions,
  received: (rows: (table: string) => readonly Readonly<Record<string, string>>[]) => string[],
) {
  const server = await startFakePostgres()
  return {
    exporter: new DatabaseExporter({ load, ...options, connectionString: server.connectionString }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => received(server.rows),
    breakDestination: () => server.close(),
    stallDestination: async () => {
      server.manner = 'silent'
    },
    refuseSome: async () => {
      server.check = (table, { value }) => (table !== 'metrics_series' && Number(value) % 2 === 1 ? ['23514', 'odd'] : undefined)
    },
    close: () => server.close(),
  }
}

const layouts = {
  long: () =>
    setup({}, (rows) => {
      const labels = new Map(rows('metrics_series').map(({ id, labels }) => [id, JSON.parse(labels!) as Record<string, string>]))
      return rows('metrics_points').map(({ series }) => labels.get(series)![identityLabel]!)
    }),
  wide: () =>
    setup({ labelColumns: [identityLabel], columnMapping: { 'sample.value': 'value' } }, (rows) =>
      rows('metrics').map((row) => row[identityLabel]!),
    ),
}
for (const [layout, create] of Object.entries(layouts))
  for (const { name, run } of exporterContract(create)) test(`database, PostgreSQL, ${layout} layout: ${name}`, run)
