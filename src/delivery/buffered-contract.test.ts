import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createContext } from '../core/context.ts'
import { type BufferSetup, bufferContract } from '../testing/buffer-contract.ts'
import { BufferedExporter } from './buffered.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-buffered-'))
after(() => rmSync(folder, { recursive: true }))

let made = 0
const pace = () => 1
const inMemory = ({ destination, ...setup }: BufferSetup) => new BufferedExporter(destination, { ...setup, pace })
const onDisk =
  (durability: 'commit' | 'interval' | 'none') =>
  ({ destination, ...setup }: BufferSetup) =>
    new BufferedExporter(destination, { ...setup, pace, type: 'disk', durability, directory: join(folder, String(++made)) })

for (const { name, run } of bufferContract(inMemory)) test(`in memory: ${name}`, run)
for (const durability of ['commit', 'interval', 'none'] as const)
  for (const { name, run } of bufferContract(onDisk(durability))) test(`on disk, ${durability}: ${name}`, run)

test('a buffer that loses something, or gives it twice, does not pass', async () => {
  for (const times of [0, 2]) {
    const lying = ({ destination }: BufferSetup) => ({
      name: 'lying',
      async export(time: Date, data: readonly string[]) {
        for (let n = 0; n < times; n++) await destination.export(time, data, createContext())
        return { status: 'ok' } as const
      },
    })
    await assert.rejects(bufferContract(lying)[0]!.run())
  }
})
