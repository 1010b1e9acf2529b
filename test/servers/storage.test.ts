/** Storages in buckets, seen by real servers. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import { AccountSASPermissions, generateAccountSASQueryParameters, SASProtocol, StorageSharedKeyCredential } from '@azure/storage-blob'
import { type Azurite, startAzurite } from '../../scripts/servers/azurite.ts'
import { type S3, startMoto, startS3rver } from '../../scripts/servers/s3.ts'
import { OpenCostSimulator } from '../../src/opencost/simulator/simulator.ts'
import type { Storage, WaybillError } from '../../src/sdk.ts'
import { AzureBlobStorage } from '../../src/storage/azure_blob/azure_blob.ts'
import { PrefixedStorage } from '../../src/storage/prefixed/prefixed.ts'
import { S3Storage, type S3StorageOptions } from '../../src/storage/s3/s3.ts'
import { storageContract } from '../../src/testing/index.ts'

let directory: string

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-storage-'))
})

after(() => rm(directory, { recursive: true, force: true }))

/** What s3rver does not keep to: it writes into the file that is read, knows no conditions, and stumbles over itself when it removes folders. */
const notOfS3rver = new Set([
  'shows a reader the old content or the new',
  'creates only where nothing is',
  'shows a reader nothing of what is being created, or all of it',
  'keeps everything of many writers',
])

for (const [name, start, lacks] of [
  ['s3rver', () => startS3rver({ directory, bucket: 'contract' }), notOfS3rver],
  ['moto', () => startMoto({ bucket: 'contract' }), new Set<string>()],
] as const)
  describe(name, () => {
    let server: S3
    before(async () => {
      server = await start()
    })
    after(() => server?.stop())
    const open = (options: Partial<S3StorageOptions> = {}) => {
      const { endpoint, bucket, accessKey, secretKey } = server
      return new PrefixedStorage(new S3Storage({ endpoint, bucket, accessKey, secretKey, ...options }), randomUUID())
    }
    for (const { name, run } of storageContract(async () => ({ storage: open(), pageSize: 1000 })))
      test(`000-18 ${name}`, { skip: lacks.has(name) && 'the server itself does not keep to it' }, run)

    test('000-18 a stream of several parts, and both ways to list', async () => {
      for (const listObjectsVersion of ['v1', 'v2'] as const) {
        const storage = open({ listObjectsVersion, partSize: '5MiB' })
        const bytes = randomBytes(12 * 2 ** 20 + 1)
        await storage.writeStream('d/f', piecesOf(bytes))
        assert.ok(bytes.equals((await storage.read('d/f'))!), 'other bytes came back')
        assert.deepEqual(
          (await storage.list('d')).map(({ name, size }) => [name, size]),
          [['d/f', bytes.length]],
        )
      }
    })

    test('000-18 costs are exported to the address of a file', async () => {
      const { endpoint, bucket, accessKey, secretKey } = server
      const address = `s3://${bucket}/d/costs.json?endpoint=${new URL(endpoint).host}&insecure=true&part_size=5MiB`
      const env = { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey }
      await exportCosts(new S3Storage({ endpoint, bucket, accessKey, secretKey }), 'd/costs.json', address, env)
    })

    test('000-18 a key that the server does not know: what to do is told, and not the key', {
      skip: name === 'moto' && 'it takes any key',
    }, async () => {
      const secretKey = 'another key, which nobody may see'
      await assert.rejects(open({ accessKey: 'AKIAOTHER', secretKey }).create('f', Buffer.from('x')), (error: WaybillError) => {
        assert.match(error.explain(), /answered 403 InvalidAccessKeyId: .*; check access_key and secret_key$/)
        return !inspect(error, { depth: 9, showHidden: true }).includes(secretKey)
      })
    })
  })

const waybill = fileURLToPath(new URL('../../bin/waybill', import.meta.url))

/** Exports costs, as large as several parts, to `name` in the storage by the command line, and compares them with what it prints. */
async function exportCosts(storage: Storage, name: string, address: string, env: Readonly<Record<string, string>>): Promise<void> {
  const simulator = new OpenCostSimulator({ namespaces: 20, pods: 8000, nodes: 40, seed: 1 })
  const endpoint = await simulator.listen(0)
  const run = async (output: string) => {
    const window = ['--window', '2026-01-01T00:00:00Z,2026-01-02T00:00:00Z', '--aggregate', 'pod']
    const args = ['--conditions=waybill-source', waybill, 'opencost', 'export', '--endpoint', endpoint, ...window, '--output', output]
    return promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env }, maxBuffer: 2 ** 28 })
  }
  try {
    const { stderr } = await run(address)
    assert.match(stderr, /^8,000 allocations from .* → http.*costs\.json \(/)
    const timeless = (text: string) => text.replaceAll(/"(Timestamp|CollectionTime)":"[^"]*"/g, '')
    const stored = Buffer.from((await storage.read(name))!).toString()
    assert.ok(stored.length > 5 * 2 ** 20, `${stored.length} bytes are one part`)
    assert.ok(timeless(stored) === timeless((await run('-')).stdout), 'other costs came back')
    for (const secret of Object.values(env)) assert.ok(!stderr.includes(secret), 'it printed a credential')
  } finally {
    await simulator.close()
  }
}

async function* piecesOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000)
}

describe('azurite', () => {
  let server: Azurite
  before(async () => {
    server = await startAzurite({ directory })
  })
  after(() => server?.stop())
  const create = async () => {
    const { account, key, blobEndpoint } = server
    const options = { storageAccount: account, storageAccountKey: key, endpoint: blobEndpoint, container: `c-${randomUUID()}` }
    return { storage: new AzureBlobStorage(options), pageSize: 5000 }
  }
  for (const { name, run } of storageContract(create)) test(`000-18 ${name}`, run)

  test('000-18 SAS tokens and connection strings do too, and a key that is not that of the account is told, not shown', async () => {
    const { account, key, blobEndpoint, connectionString } = server
    const credential = new StorageSharedKeyCredential(account, key)
    const sas = generateAccountSASQueryParameters(
      {
        permissions: AccountSASPermissions.parse('racwdl'),
        services: 'b',
        resourceTypes: 'sco',
        expiresOn: new Date(Date.now() + 3_600_000),
        protocol: SASProtocol.HttpsAndHttp,
      },
      credential,
    ).toString()
    const place = { storageAccount: account, endpoint: blobEndpoint, container: `c-${randomUUID()}` }
    for (const options of [
      { ...place, sasToken: sas },
      { storageConnectionString: connectionString, container: `c-${randomUUID()}` },
    ]) {
      const storage = new AzureBlobStorage(options)
      await storage.write('d/f', Buffer.from('x'))
      assert.equal(Buffer.from((await storage.read('d/f'))!).toString(), 'x')
    }
    const wrong = Buffer.from('another key, which nobody may see').toString('base64')
    await assert.rejects(new AzureBlobStorage({ ...place, storageAccountKey: wrong }).read('f'), (error: WaybillError) => {
      assert.match(error.explain(), /answered 403 AuthorizationFailure.*/)
      return !inspect(error, { depth: 9, showHidden: true }).includes(wrong)
    })
  })

  test('000-18 costs are exported to the address of a file', async () => {
    const storage = new AzureBlobStorage({ storageConnectionString: server.connectionString, container: 'costs' })
    await exportCosts(storage, 'd/costs.json', 'az://costs/d/costs.json', { AZURE_STORAGE_CONNECTION_STRING: server.connectionString })
  })
})
