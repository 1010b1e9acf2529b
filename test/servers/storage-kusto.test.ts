/** The exporter kusto, in an agent of its own, by Microsoft's client: azurite is the storage of a cluster that is built after the client's protocol. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  AccountSASPermissions,
  BlobServiceClient,
  generateAccountSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { type Azurite, startAzurite } from '../../scripts/servers/azurite.ts'
import { Cluster, messageIn, token } from '../../src/exporters/kusto/cluster.fixture.ts'
import { known, sendingAgent } from './sending-agent.fixture.ts'

let directory: string
let azurite: Azurite
let cluster: Cluster

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-kusto-'))
  azurite = await startAzurite({ directory })
  const { container, queue } = clients()
  await Promise.all([container.create(), queue.create()])
  const sas = sasOf(azurite)
  cluster = await Cluster.start({ storage: { container: `${container.url}?${sas}`, queue: `${queue.url}?${sas}` } })
})

after(async () => {
  await cluster?.close()
  await azurite?.stop()
  await rm(directory, { recursive: true, force: true })
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

test('10,000 known rows, the storage of the cluster away for ten seconds: each is taken in once, as it was', async (t) => {
  const config = { cluster: cluster.url, database: 'telemetry', auth: { type: 'token', token }, skip_repeated: true }
  const agent = await sendingAgent(t, { directory, type: 'kusto', config, signals: ['rows'] })
  const rows = Array.from({ length: known }, (_, index) => row(index))
  await agent.throughOutage({
    post: (from, until) => agent.post('/rows?table=costs&columns=id:int,name:string,cost:real,at:datetime', rows.slice(from, until)),
    stop: () => azurite.stop(),
    async start() {
      azurite = await startAzurite({ directory, ports: azurite.ports })
    },
  })
  await takeIn()
  const found = cluster.tables.get('costs')!.rows.map(({ id, ...row }) => ({ id: Number(id), ...row }))
  assert.deepEqual(
    found.sort((a, b) => a.id - b.id),
    rows,
  )
  assert.ok(!agent.output().includes(token), 'the agent printed the token')
})
