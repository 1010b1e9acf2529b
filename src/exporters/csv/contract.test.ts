import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { CsvExporter, type CsvExporterOptions } from './csv.ts'
import { recordsOf, textsIn } from './tables.fixture.ts'

async function setup(options: Partial<CsvExporterOptions>) {
  const above = mkdtempSync(join(tmpdir(), 'waybill-contract-'))
  const folder = join(above, 'out')
  mkdirSync(folder)
  const stall = Promise.withResolvers<void>()
  return {
    exporter: new CsvExporter({ filename: join(folder, 'a.csv'), ...options }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () =>
      Object.values(textsIn(folder)).flatMap((text) => {
        const [header, ...records] = recordsOf(text)
        const names = records.flatMap(
          options.format === 'long' ? ([, name]) => [name!] : (record) => header!.filter((_, at) => at > 0 && record[at] !== ''),
        )
        return names.map((name) => new RegExp(`\\{${identityLabel}=(.*)\\}$`).exec(name)![1]!)
      }),
    breakDestination: async () => {
      rmSync(folder, { recursive: true })
      writeFileSync(folder, 'a file where the folder was')
    },
    /** As a network file system does whose server is gone. */
    stallDestination: async () => {
      const handle = await open(join(above, 'any'), 'w')
      mock.method(Object.getPrototypeOf(handle), 'write', () => stall.promise.then(() => Promise.reject(new Error('it knows nothing'))))
      await handle.close()
    },
    close: async () => {
      mock.restoreAll()
      stall.resolve()
      rmSync(above, { recursive: true })
    },
  }
}

for (const options of [{ format: 'wide' }, { format: 'wide', widenUpTo: 0 }, { format: 'long' }] as const)
  for (const { name, run } of exporterContract(() => setup(options))) test(`csv, ${Object.values(options).join(', ')}: ${name}`, run)
