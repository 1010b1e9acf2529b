import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { abortLies } from './contract/abort-lies.fixture.ts'
import { deliveryLies } from './contract/delivery-lies.fixture.ts'
import { honest, setUp } from './contract/honest.fixture.ts'
import type { Lie } from './contract/lie.fixture.ts'
import { leavingLies, lifeLies } from './contract/life-lies.fixture.ts'
import { resultLies } from './contract/result-lies.fixture.ts'
import { exporterContract } from './exporter-contract.ts'

const cases = exporterContract(() => setUp(honest))
const concurrentLies = [...deliveryLies, ...resultLies, ...abortLies, ...lifeLies]

describe('an honest exporter', () => {
  for (const { name, run } of cases) test(name, run)
})

describe('an exporter with nothing but a name and an export', () => {
  const bare = exporterContract(async () => {
    const { breakDestination: _, stallDestination: __, refuseSome: ___, ...setup } = await setUp(honest)
    const { name, export: send } = setup.exporter
    return { ...setup, exporter: { name, export: send } }
  })
  for (const { name, run } of bare) test(name, run)
})

describe('a lie is caught', { concurrency: true }, () => {
  for (const lie of concurrentLies) test(lie.lie, () => isCaught(lie))
})

describe('something left behind is noticed', () => {
  for (const lie of leavingLies) test(lie.lie, () => isCaught(lie).finally(lie.end))
})

test('every case catches a lie', () => {
  const used = new Set([...concurrentLies, ...leavingLies].map(({ caughtBy }) => caughtBy))
  assert.deepEqual([...used].sort(), cases.map(({ name }) => name).sort())
})

async function isCaught({ caughtBy, as, make }: Lie): Promise<void> {
  const lying = exporterContract(() => setUp((destination) => ({ ...honest(destination), ...make(destination) })))
  await assert.rejects(lying.find(({ name }) => name === caughtBy)!.run(), as)
}
