import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Storage } from '../../sdk.ts'
import { honestStorage } from '../../testing/storage-contract/honest.fixture.ts'
import { validateStorage } from './validate-storage.ts'

test('a storage that can be used passes, and is as it was', async () => {
  const storage = honestStorage()
  await validateStorage(storage)
  assert.deepEqual([await storage.list('tmp'), await storage.listDirectories('')], [[], []])
})

test('what does not work is told', async () => {
  const refuse = async (): Promise<never> => Promise.reject(new Error('no permission'))
  const lies: [Partial<Storage>, RegExp][] = [
    [{ exists: refuse }, /^the storage here \(honest\) cannot look for a file: no permission$/],
    [{ list: refuse }, /cannot list the root: no permission/],
    [{ write: refuse }, /cannot write tmp\/waybill-.+\.txt: no permission/],
    [{ read: refuse }, /cannot read tmp/],
    [{ remove: refuse }, /cannot remove tmp/],
    [{ read: async () => new Uint8Array(4) }, /does not give back/],
    [{ read: async () => undefined }, /does not give back/],
    [{ remove: async () => false }, /does not know of a file/],
  ]
  for (const [lie, message] of lies)
    await assert.rejects(validateStorage({ ...honestStorage(), ...lie }), { code: 'DESTINATION_UNAVAILABLE', message })
})

test('to look only, nothing is written', async () => {
  const write = async (): Promise<never> => assert.fail('it was written to')
  await validateStorage({ ...honestStorage(), write }, { access: 'read' })
})
