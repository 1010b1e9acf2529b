import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../testing/manual-clock.ts'
import { storageContract } from '../../testing/storage-contract.ts'
import { MemoryStorage } from './memory.ts'

for (const { name, run } of storageContract(async () => ({ storage: new MemoryStorage() }))) test(`000-16 memory: ${name}`, run)

test('a file is as old as the clock says, and the storage says what it is', async () => {
  const clock = new ManualClock(1000)
  const storage = new MemoryStorage({ clock })
  await storage.write('f', new Uint8Array(2))
  await clock.advance(500)
  await storage.write('g', new Uint8Array(3))
  assert.deepEqual(await storage.list(''), [
    { name: 'f', size: 2, modifiedMs: 1000 },
    { name: 'g', size: 3, modifiedMs: 1500 },
  ])
  assert.deepEqual([storage.type, storage.location, storage.fullPath('./a//b')], ['memory', 'memory', 'a/b'])
})
