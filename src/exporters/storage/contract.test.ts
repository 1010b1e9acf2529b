import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import { GzipDecoder } from '../../codecs/gzip/gzip.ts'
import { FileStorage } from '../../storage/file/file.ts'
import { s3Options, serveS3 } from '../../storage/s3/s3.fixture.ts'
import { S3Storage } from '../../storage/s3/s3.ts'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { BatchStorageExporter, type BatchStorageExporterOptions } from './storage.ts'

const decoder = new GzipDecoder({ decode: (bytes) => Buffer.from(bytes).toString() })

async function setup(options: Pick<BatchStorageExporterOptions, 'compression'>) {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-contract-'))
  const root = join(folder, 'root')
  await mkdir(root)
  const stall = Promise.withResolvers<void>()
  return {
    exporter: new BatchStorageExporter({ ...options, storage: new FileStorage(root), paths: { type: 'event', cluster: 'c' } }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => {
      const entries = await readdir(root, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile())
      const texts = await Promise.all(files.map(async ({ parentPath, name }) => decoder.decode(await readFile(join(parentPath, name)))))
      const records = texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line))
      return records.map(({ labels }) => labels[identityLabel])
    },
    breakDestination: async () => {
      await rm(root, { recursive: true })
      await writeFile(root, 'a file where the folder was')
    },
    /** As a network file system does whose server is gone. */
    stallDestination: async () => {
      const handle = await open(join(folder, 'any'), 'w')
      mock.method(Object.getPrototypeOf(handle), 'sync', () =>
        stall.promise.then(() => Promise.reject(new Error('the server is back and knows nothing'))),
      )
      await handle.close()
    },
    close: async () => {
      mock.restoreAll()
      stall.resolve()
      // What was stalled still removes what it had begun.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

for (const compression of ['none', 'gzip'] as const)
  for (const { name, run } of exporterContract(() => setup({ compression }))) test(`storage, compression ${compression}: ${name}`, run)

/** In a bucket, whose service is away or hangs. */
async function inBucket() {
  const service = await serveS3()
  return {
    exporter: new BatchStorageExporter({ storage: new S3Storage(s3Options(service.url)), paths: { type: 'event', cluster: 'c' } }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => {
      const texts = [...service.objects.values()].map(({ bytes }) => Buffer.from(bytes).toString())
      const records = texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line))
      return records.map(({ labels }) => labels[identityLabel])
    },
    breakDestination: () => service.close(),
    stallDestination: async () => service.misbehave('hang'),
    close: () => service.close(),
  }
}

for (const { name, run } of exporterContract(inBucket)) test(`storage in a bucket: ${name}`, run)
