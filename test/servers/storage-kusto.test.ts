/** The exporter kusto, in an agent of its own, by Microsoft's client: azurite is the storage of a cluster that is built after the client's protocol. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  AccountSASPermissions,
  BlobServiceClient,
  generateAccountSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { type Azurite, startAzurite } from '../../scripts/servers/azurite.ts'
import { freePort } from '../../scripts/servers/server-process.ts'
import { Cluster, messageIn, token } from '../../src/exporters/kusto/cluster.fixture.ts'
import { type AgentProcess, startAgent } from '../../src/testing/index.ts'

const count = 10_000
const awayMs = 5_000
let directory: string
let azurite: Azurite
let cluster: Cluster
let agent: AgentProcess
let receiver: string

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-kusto-'))
  azurite = await startAzurite({ directory })
  const { container, queue } = clients()
  await Promise.all([container.create(), queue.create()])
  const sas = sasOf(azurite)
  cluster = await Cluster.start({ storage: { container: `${container.url}?${sas}`, queue: `${queue.url}?${sas}` } })
  receiver = `http://127.0.0.1:${await freePort()}`
  const config = join(directory, 'waybill.yaml')
  await writeFile(config, JSON.stringify(configuration()))
  agent = await startAgent({ config, dataDir: join(directory, 'agent') })
})

after(async () => {
  agent?.kill()
  await cluster?.close()
  await azurite?.stop()
  await rm(directory, { recursive: true, force: true })
})

/** JSON is YAML. */
const configuration = () => ({
  api: { listen: '127.0.0.1:0' },
  receivers: [{ name: 'posted', type: 'http', config: { listen: new URL(receiver).host } }],
  exporters: [
    {
      name: 'adx',
      type: 'kusto',
      config: { cluster: cluster.url, database: 'telemetry', auth: { type: 'token', token }, skip_repeated: true },
      buffer: { type: 'disk', max_bytes: '64MiB' },
      retry: { max_retries: 1, initial_delay: '50ms', max_delay: '200ms' },
    },
  ],
  pipelines: [{ name: 'rows', from: ['posted'], signals: ['rows'], to: ['adx'] }],
})

const clients = () => ({
  container: BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('temp'),
  queue: QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('ready'),
})

function sasOf({ account, key }: Azurite): string {
  const values = {
    permissions: AccountSASPermissions.parse('rwacup'),
    services: 'bq',
    resourceTypes: 'sco',
    expiresOn: new Date(Date.now() + 3_600_000),
    protocol: SASProtocol.HttpsAndHttp,
  }
  return generateAccountSASQueryParameters(values, new StorageSharedKeyCredential(account, key)).toString()
}

const odd = 'quote " backslash \\ newline \n é 日本 😀'
const row = (index: number) => ({
  id: index,
  name: `row ${index} ${odd}`,
  cost: index / 8,
  at: new Date(1_700_000_000_000 + index).toISOString(),
})

async function post(from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 500) {
    const body = Array.from({ length: 500 }, (_, index) => JSON.stringify(row(at + index))).join('\n')
    const url = `${receiver}/rows?table=costs&columns=id:int,name:string,cost:real,at:datetime`
    assert.equal((await fetch(url, { method: 'POST', body })).status, 204)
  }
}

/** As the cluster does with what waits in the queue. */
async function takeIn(): Promise<void> {
  const { container, queue } = clients()
  for (;;) {
    const { receivedMessageItems: items } = await queue.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 60 })
    if (items.length === 0) return
    for (const { messageText, messageId, popReceipt } of items) {
      const message = messageIn(messageText)
      const name = decodeURIComponent(new URL(message.BlobPath).pathname.split('/').at(-1)!)
      cluster.takeIn(message, await container.getBlobClient(name).downloadToBuffer())
      await queue.deleteMessage(messageId, popReceipt)
    }
  }
}

test('ten thousand rows, the storage of the cluster away for some seconds: each is taken in once, as it was', async () => {
  const account = async () => (await agent.ledger()).exporters.find(({ name }) => name === 'adx')!
  await post(0, count / 2)
  await agent.until(async () => (await account()).delivered === count / 2, 60_000)
  await azurite.stop()
  await post(count / 2, (count * 3) / 4)
  await pause(awayMs)
  assert.equal((await account()).delivered, count / 2)
  azurite = await startAzurite({ directory, ports: azurite.ports })
  await post((count * 3) / 4, count)
  await agent.until(async () => (await account()).delivered === count, 90_000)
  await takeIn()
  const rows = cluster.tables
    .get('costs')!
    .rows.map(({ id, ...row }) => ({ id: Number(id), ...row }))
    .sort((a, b) => a.id - b.id)
  assert.equal(rows.length, count)
  assert.deepEqual(
    rows,
    Array.from({ length: count }, (_, index) => row(index)),
  )
  const { deadLettered, balanced } = await account()
  assert.deepEqual([deadLettered, balanced], [0, true])
  assert.ok(!agent.output().includes(token), 'the agent printed the token')
})
