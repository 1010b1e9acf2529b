import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { createContext, type ExporterPlugin, ok, type RowsBatch } from '../../sdk.ts'
import { accessKey, secretKey, serveS3 } from '../../storage/s3/s3.fixture.ts'
import { createTestHost } from '../../testing/test-host.ts'
import plugin, { type BatchStorageExporter } from './storage.ts'

const { config, create, requires } = plugin as ExporterPlugin & { create(options: object): BatchStorageExporter }
const paths = { type: 'event', cluster: 'c' }
const rows: RowsBatch = { signal: 'rows', table: { name: 't', columns: [{ name: 'a', type: 'string' }] }, rows: [['x']] }

/** The exporter of a configuration, as the agent makes it. */
function made(storage: object): BatchStorageExporter {
  return create({ name: 'lake', config: config!.parse({ storage, paths }), host: createTestHost({ load: (name) => import(name) }) })
}

test('000-18 a bucket is told in the configuration, in a bucket file or by an address', async (t) => {
  const service = await serveS3()
  t.after(() => service.close())
  const file = join(temporaryFolder(t), 'bucket.yml')
  const keys = `access_key: ${accessKey}\n  secret_key: ${secretKey}`
  await writeFile(file, `type: S3\nconfig:\n  bucket: lake\n  endpoint: ${service.url}\n  ${keys}\nprefix: b\n`)
  const here = { type: 'S3', config: { bucket: 'lake', endpoint: service.url, accessKey, secretKey }, prefix: 'a' }
  for (const storage of [here, { type: 'bucket_file', file }]) {
    const exporter = made(storage)
    assert.deepEqual(await exporter.export(new Date(0), rows, createContext()), ok)
  }
  assert.deepEqual([...service.objects.keys()], ['a/c/t/19700101000000.jsonl', 'b/c/t/19700101000000.jsonl'])
  for (const [storage, destination] of [
    [{ type: 'url', url: 'gs://lake/a' }, 'gs://lake/a'],
    [{ type: 'azure', config: { storageAccount: 'acct', container: 'lake' } }, 'https://acct.blob.core.windows.net/lake'],
    [{ type: 'GCS', config: { bucket: 'lake' } }, 'gs://lake'],
    [{ type: 'FILESYSTEM', config: { directory: '/var/lake' }, prefix: 'a' }, '/var/lake/a'],
  ] as const)
    assert.equal(made(storage).destination, destination)
  assert.deepEqual(Object.keys(requires!), [
    '@aws-sdk/client-s3',
    '@aws-sdk/lib-storage',
    '@azure/storage-blob',
    '@azure/identity',
    '@google-cloud/storage',
  ])
})

test('000-18 a place that cannot be is refused when it is configured, or told with its file', (t) => {
  for (const storage of [
    { type: 'url', url: 'http://lake' },
    { type: 'url', url: `s3://lake?secret_key=${secretKey}` },
    { type: 's3', config: { bucket: 'lake', accessKey } },
    { type: 'gcs', config: {} },
    { type: 'cluster', config: {} },
  ])
    assert.throws(
      () => config!.parse({ storage, paths }),
      (error: Error) => error.name === 'ZodError' && !error.message.includes(secretKey),
    )
  const file = join(temporaryFolder(t), 'missing.yml')
  assert.throws(() => made({ type: 'bucket_file', file }), { code: 'FILE_UNREADABLE' })
})
