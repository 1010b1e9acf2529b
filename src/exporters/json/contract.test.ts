import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { JsonExporter, type JsonExporterOptions } from './json.ts'

async function setup(options: Partial<JsonExporterOptions>) {
  const above = mkdtempSync(join(tmpdir(), 'waybill-contract-'))
  const folder = join(above, 'out')
  const filename = join(folder, 'a.json')
  mkdirSync(folder)
  const stall = Promise.withResolvers<void>()
  return {
    exporter: new JsonExporter({ filename, ...options }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => {
      const elements = JSON.parse(readFileSync(filename, 'utf8')) as { metrics: object }[]
      return elements
        .flatMap(({ metrics }) => Object.keys(metrics))
        .map((name) => new RegExp(`\\{${identityLabel}=(.*)\\}$`).exec(name)![1]!)
    },
    breakDestination: async () => {
      rmSync(folder, { recursive: true })
      writeFileSync(folder, 'a file where the folder was')
    },
    /** As a network file system does whose server is gone. */
    stallDestination: async () => {
      const handle = await open(join(above, 'any'), 'w')
      mock.method(Object.getPrototypeOf(handle), 'write', () => stall.promise.then(() => Promise.reject(new Error('it knows nothing'))))
      await handle.close()
    },
    close: async () => {
      mock.restoreAll()
      stall.resolve()
      rmSync(above, { recursive: true })
    },
  }
}

for (const pretty of [false, true])
  for (const { name, run } of exporterContract(() => setup({ pretty }))) test(`json${pretty ? ', pretty' : ''}: ${name}`, run)
