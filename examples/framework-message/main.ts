/** A message to memory: what is exported at an instant, and where it is stored. */
import { createContext, EventStorageExporter, EventStoragePathFormatter } from 'waybill'
import { JsonEncoder } from 'waybill/codecs/json'
import { MemoryStorage } from 'waybill/storage/memory'

interface Message {
  readonly message: string
}

const storage = new MemoryStorage()
const paths = new EventStoragePathFormatter({ root: 'federated', cluster: 'cluster-01', event: 'message' })
const exporter = new EventStorageExporter<Message>({ paths, encoder: new JsonEncoder({ pretty: true }), storage })

await exporter.export(new Date('2025-05-19T22:27:00Z'), { message: 'Testing 1, 2, 3...' }, createContext())

for (const { name } of await storage.list(paths.dir())) {
  const bytes = await storage.read(name)
  process.stdout.write(`${name}\n${new TextDecoder().decode(bytes)}\n`)
}
