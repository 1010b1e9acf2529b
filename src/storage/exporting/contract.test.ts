import { test } from 'node:test'
import { JsonDecoder, JsonEncoder } from '../../codecs/json/json.ts'
import { alignWindow, type Exporter, type Storage } from '../../sdk.ts'
import { type ExporterSetup, exporterContract } from '../../testing/exporter-contract.ts'
import { honestStorage } from '../../testing/storage-contract/honest.fixture.ts'
import { ComputeStorageExporter } from './compute-storage-exporter.ts'
import { EventStorageExporter } from './event-storage-exporter.ts'
import { contents } from './stored.fixture.ts'

type Records = readonly string[]

const encoder = new JsonEncoder<Records>()

/** Of each export a file of its own, so that none replaces another. */
function numberedPaths() {
  let exports = 0
  return { rootDir: () => '', dir: () => '', toFullPath: () => `${exports++}.json` }
}

async function setUp<Time>(time: Time, make: (storage: Storage) => Exporter<Time, Records>): Promise<ExporterSetup<Time, Records>> {
  const honest = honestStorage()
  let state: 'up' | 'down' | 'stalled' = 'up'
  const reach = async () => {
    if (state === 'down') throw new Error('the storage is down')
    if (state === 'stalled') await new Promise(() => {})
  }
  const storage: Storage = {
    ...honest,
    write: async (path, bytes, options) => reach().then(() => honest.write(path, bytes, options)),
    create: async (path, bytes, options) => reach().then(() => honest.create(path, bytes, options)),
  }
  const become = (next: typeof state) => async () => {
    state = next
  }
  return {
    exporter: make(storage),
    time,
    batch: (count, tag) => Array.from({ length: count }, (_, n) => `${tag}-${n}`),
    identify: (data) => data,
    received: async () => {
      const files = Object.values(await contents(honest, ''))
      return files.flatMap((text) => new JsonDecoder<Records>().decode(Buffer.from(text)))
    },
    breakDestination: become('down'),
    stallDestination: become('stalled'),
  }
}

const paths = { rootDir: () => '', dir: () => '', toFullPath: () => 'same.json' }
const event = () => setUp(new Date(0), (storage) => new EventStorageExporter({ paths, encoder, storage }))
const hour = alignWindow(0, 3_600_000)
const compute = () => setUp(hour, (storage) => new ComputeStorageExporter({ paths: numberedPaths(), encoder, storage }))

for (const { name, run } of exporterContract(event)) test(`events in a storage: ${name}`, run)
for (const { name, run } of exporterContract(compute)) test(`windows in a storage: ${name}`, run)
