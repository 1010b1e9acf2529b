import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createContext } from '../../sdk.ts'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { execute, rowsOf } from './database.fixture.ts'
import { DatabaseExporter, type DatabaseExporterOptions } from './database.ts'

async function setup(options: DatabaseExporterOptions, table: string) {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-contract-'))
  const path = join(folder, 'data', 'test.db')
  const connectionString = `sqlite:${path}`
  return {
    exporter: new DatabaseExporter({ ...options, connectionString }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => rowsOf(path, 'SELECT * FROM metrics').map((row) => String(row[identityLabel])),
    breakDestination: async () => {
      await rm(join(folder, 'data'), { recursive: true, force: true })
      await writeFile(join(folder, 'data'), 'a file where the folder was')
    },
    refuseSome: async () => {
      const another = new DatabaseExporter({ ...options, connectionString })
      await another.export(new Date(0), samplePoints(1, 'made the table'), createContext())
      await another.stop()
      execute(path, `CREATE TRIGGER some BEFORE INSERT ON ${table} WHEN new.value % 2 = 1 BEGIN SELECT raise(ABORT, 'odd'); END`)
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

const layouts = {
  long: { options: { labelColumns: [identityLabel] }, table: 'metrics_points' },
  wide: { options: { labelColumns: [identityLabel], columnMapping: { 'sample.value': 'value' } }, table: 'metrics' },
}
for (const [layout, { options, table }] of Object.entries(layouts))
  for (const { name, run } of exporterContract(() => setup(options, table))) test(`database, ${layout} layout: ${name}`, run)
