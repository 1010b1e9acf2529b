/** The exporter storage, in an agent of its own, to buckets: s3rver, azurite, and a server built from the API of Google's. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { startAzurite } from '../../scripts/servers/azurite.ts'
import { startS3rver } from '../../scripts/servers/s3.ts'
import type { Storage } from '../../src/sdk.ts'
import { serveGcs } from '../../src/storage/gcs/gcs.fixture.ts'
import { StoredObjects } from '../../src/storage/object-storage/bucket.fixture.ts'
import { bucketConfigIn, openStorage } from '../../src/storage/open-storage/open-storage.ts'
import { known, sendingAgent } from './sending-agent.fixture.ts'

let directory: string

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-storage-'))
})

after(() => rm(directory, { recursive: true, force: true }))

interface Service {
  /** As under `storage:`. */
  readonly storage: object
  /** The same, to read back. */
  open(): Storage
  stop(): Promise<void>
  restart(): Promise<Service>
}

async function s3rver(port?: number): Promise<Service> {
  const { endpoint, accessKey, secretKey, bucket, ...server } = await startS3rver({
    directory: join(directory, 's3'),
    bucket: 'lake',
    ...(port && { port }),
  })
  const config = { bucket, endpoint: new URL(endpoint).host, insecure: true, access_key: accessKey, secret_key: secretKey }
  const yaml = { type: 'S3', config, prefix: 'waybill/lake' }
  return {
    storage: yaml,
    open: () => openStorage(bucketConfigIn(JSON.stringify(yaml))),
    stop: server.stop,
    restart: () => s3rver(server.port),
  }
}

async function azurite(ports?: { blob: number; queue: number }): Promise<Service> {
  const folder = join(directory, 'azure')
  await mkdir(folder, { recursive: true })
  const server = await startAzurite({ directory: folder, ...(ports && { ports }) })
  const file = join(folder, 'bucket.yml')
  const yaml = `type: AZURE\nconfig:\n  storage_connection_string: "${server.connectionString}"\n  container: lake\n`
  await writeFile(file, yaml)
  return {
    storage: { type: 'bucket_file', file },
    open: () => openStorage(bucketConfigIn(yaml)),
    stop: server.stop,
    restart: () => azurite(server.ports),
  }
}

async function google(objects = new StoredObjects(), port?: number): Promise<Service> {
  const server = await serveGcs({ objects, ...(port && { port }) })
  const url = `gs://lake/waybill?endpoint=${encodeURIComponent(server.url)}`
  return {
    storage: { type: 'url', url },
    open: () => openStorage(url),
    stop: () => server.close(),
    restart: () => google(objects, server.port),
  }
}

const odd = 'quote " backslash \\ newline \n é 日本 😀'
const row = (index: number) => ({
  id: index,
  name: `row ${index} ${odd}`,
  cost: index / 8,
  at: new Date(1_700_000_000_000 + index).toISOString(),
})

const services: Readonly<Record<string, () => Promise<Service>>> = { s3: () => s3rver(), azure: () => azurite(), gcs: () => google() }

describe('10,000 known rows, the service away for ten seconds: each is there once, as it was', { concurrency: true }, () => {
  for (const [name, start] of Object.entries(services))
    test(`000-18 000-38 ${name}`, async (t) => {
      let service = await start()
      t.after(() => service.stop())
      const config = { storage: service.storage, paths: { type: 'event', cluster: 'c' }, compression: 'gzip' }
      const agent = await sendingAgent(t, { directory, type: 'storage', config, signals: ['rows'] })
      const rows = Array.from({ length: known }, (_, index) => row(index))
      await agent.throughOutage({
        post: (from, until) => agent.post('/rows?table=costs&columns=id:int,name:string,cost:real,at:datetime', rows.slice(from, until)),
        stop: () => service.stop(),
        async start() {
          service = await service.restart()
        },
      })
      const found = await rowsIn(service.open())
      assert.deepEqual(
        found.toSorted((a, b) => a.id - b.id),
        rows,
      )
      for (const secret of ['S3RVER', 'Eby8vdM02']) assert.ok(!agent.output().includes(secret), 'the agent printed a credential')
    })
})

async function rowsIn(storage: Storage): Promise<ReturnType<typeof row>[]> {
  const files = await storage.list('c/costs')
  const texts = await Promise.all(files.map(async ({ name }) => gunzipSync((await storage.read(name))!).toString()))
  return texts.flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  )
}
