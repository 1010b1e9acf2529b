import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { FileExporter, type FileExporterOptions } from './file.ts'
import { contentsOf, jsonOf } from './folder.fixture.ts'
import { labelsIn } from './parquet.fixture.ts'

async function setup(options: Partial<FileExporterOptions>) {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-contract-'))
  const outputDirectory = join(folder, 'out')
  await mkdir(outputDirectory)
  const stall = Promise.withResolvers<void>()
  return {
    exporter: new FileExporter({ outputDirectory, ...options }),
    outputDirectory,
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => {
      const records = Object.values(await contentsOf(outputDirectory)).flatMap(jsonOf)
      return records.map(({ labels }) => labels[identityLabel])
    },
    breakDestination: async () => {
      await rm(outputDirectory, { recursive: true })
      await writeFile(outputDirectory, 'a file where the directory was')
    },
    /** As a network file system does whose server is gone. */
    stallDestination: async () => {
      const handle = await open(join(folder, 'any'), 'w')
      mock.method(Object.getPrototypeOf(handle), 'write', () =>
        stall.promise.then(() => Promise.reject(new Error('the server is back and knows nothing'))),
      )
      await handle.close()
    },
    close: async () => {
      mock.restoreAll()
      stall.resolve()
      await rm(folder, { recursive: true })
    },
  }
}

for (const { name, run } of exporterContract(async () => {
  const given = await setup({ fileFormat: 'parquet' })
  return { ...given, received: async () => (await labelsIn(given.outputDirectory)).map((labels) => labels[identityLabel]!) }
}))
  test(`file, Parquet: ${name}`, run)

for (const compression of ['none', 'gzip'] as const)
  for (const { name, run } of exporterContract(() => setup({ compression }))) test(`file, compression ${compression}: ${name}`, run)
