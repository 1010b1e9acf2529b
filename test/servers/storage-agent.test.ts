/** The exporter storage, in an agent of its own, to buckets: s3rver, azurite, and a server built from the API of Google's. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { startAzurite } from '../../scripts/servers/azurite.ts'
import { startS3rver } from '../../scripts/servers/s3.ts'
import { freePort } from '../../scripts/servers/server-process.ts'
import type { Storage } from '../../src/sdk.ts'
import { serveGcs } from '../../src/storage/gcs/gcs.fixture.ts'
import { StoredObjects } from '../../src/storage/object-storage/bucket.fixture.ts'
import { bucketConfigIn, openStorage } from '../../src/storage/open-storage/open-storage.ts'
import { startAgent } from '../../src/testing/index.ts'

const count = 10_000
const awayMs = 5_000
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

for (const [name, start] of [
  ['s3', () => s3rver()],
  ['azure', () => azurite()],
  ['gcs', () => google()],
] as const)
  test(`000-18 000-38 ${name}: ten thousand rows, the service away for some seconds: each is there once, as it was`, async (t) => {
    let service = await start()
    t.after(() => service.stop())
    const receiver = `http://127.0.0.1:${await freePort()}`
    const config = join(directory, `${name}.yaml`)
    await writeFile(config, JSON.stringify(configuration(receiver, service.storage)))
    const agent = await startAgent({ config, dataDir: join(directory, `agent-${name}`) })
    t.after(() => agent.kill())
    const post = async (from: number, to: number) => {
      for (let at = from; at < to; at += 500) {
        const body = Array.from({ length: 500 }, (_, index) => JSON.stringify(row(at + index))).join('\n')
        const columns = 'id:int,name:string,cost:real,at:datetime'
        const response = await fetch(`${receiver}/rows?table=costs&columns=${columns}`, { method: 'POST', body })
        assert.equal(response.status, 204, await response.text())
      }
    }
    const delivered = async () => (await agent.ledger()).exporters.find(({ name }) => name === 'lake')!.delivered
    await post(0, count / 2)
    await agent.until(async () => (await delivered()) === count / 2, 60_000)
    await service.stop()
    await post(count / 2, (count * 3) / 4)
    await pause(awayMs)
    assert.equal(await delivered(), count / 2)
    service = await service.restart()
    await post((count * 3) / 4, count)
    await agent.until(async () => (await delivered()) === count, 60_000)
    const rows = (await rowsIn(service.open())).toSorted((a, b) => a.id - b.id)
    assert.deepEqual(
      rows,
      Array.from({ length: count }, (_, index) => row(index)),
    )
    const [{ deadLettered, balanced }] = (await agent.ledger()).exporters as unknown as [{ deadLettered: number; balanced: boolean }]
    assert.deepEqual([deadLettered, balanced], [0, true])
    for (const secret of ['S3RVER', 'Eby8vdM02']) assert.ok(!agent.output().includes(secret), 'the agent printed a credential')
  })

/** JSON is YAML. */
const configuration = (receiver: string, storage: object) => ({
  api: { listen: '127.0.0.1:0' },
  receivers: [{ name: 'posted', type: 'http', config: { listen: new URL(receiver).host } }],
  exporters: [
    {
      name: 'lake',
      type: 'storage',
      config: { storage, paths: { type: 'event', cluster: 'c' }, compression: 'gzip' },
      buffer: { type: 'disk', max_bytes: '64MiB' },
      retry: { max_retries: 1, initial_delay: '50ms', max_delay: '200ms' },
    },
  ],
  pipelines: [{ name: 'rows', from: ['posted'], signals: ['rows'], to: ['lake'] }],
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
