import assert from 'node:assert/strict'
import { test } from 'node:test'
import { honestStorage } from '../../testing/storage-contract/honest.fixture.ts'
import { storageContract } from '../../testing/storage-contract.ts'
import { PrefixedStorage } from './prefixed.ts'

const setup = async () => ({ storage: new PrefixedStorage(honestStorage(), '/team/costs/') })

for (const { name, run } of storageContract(setup)) test(`prefixed: ${name}`, run)

test('every name is below the prefix, also one that begins like it', async () => {
  const below = honestStorage()
  const storage = new PrefixedStorage(below, 'fed')
  await storage.write('fed/f', new Uint8Array(1))
  await storage.write('federated/x', new Uint8Array(2))
  assert.deepEqual(await below.listDirectories('fed'), ['fed/fed', 'fed/federated'])
  assert.deepEqual(await storage.listDirectories(''), ['fed', 'federated'])
  assert.deepEqual(await storage.list('federated'), [{ name: 'federated/x', size: 2, modifiedMs: 0 }])
  assert.deepEqual([storage.type, storage.location, storage.fullPath('a')], ['honest', 'here/fed', 'fed/a'])
})

test('a prefix that is the root, or leaves it, is refused', () => {
  for (const prefix of ['', '/', '///', 'a/..', '../a'])
    assert.throws(() => new PrefixedStorage(honestStorage(), prefix), { code: 'INVALID_OPTION' }, prefix)
})
