import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { honestStorage } from './storage-contract/honest.fixture.ts'
import { storageLies } from './storage-contract/lies.fixture.ts'
import { storageContract } from './storage-contract.ts'

const cases = storageContract(async () => ({ storage: honestStorage(), pageSize: 10 }))

describe('an honest storage', () => {
  for (const { name, run } of cases) test(name, run)
})

describe('a lie is caught', { concurrency: true }, () => {
  for (const { lie, caughtBy, as, make } of storageLies)
    test(lie, async () => {
      const lying = storageContract(async () => {
        const honest = honestStorage()
        return { storage: { ...honest, ...make(honest) }, pageSize: 10 }
      })
      await assert.rejects(lying.find(({ name }) => name === caughtBy)!.run(), as)
    })
})

test('every case catches a lie', () => {
  assert.deepEqual([...new Set(storageLies.map(({ caughtBy }) => caughtBy))].sort(), cases.map(({ name }) => name).sort())
})
