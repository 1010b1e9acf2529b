import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, few, seed } from '../api/api.fixture.ts'
import { defineArrayDriver } from '../driver.ts'
import fake from '../drivers/fake/fake.ts'

const closing = (close: () => Promise<void>) =>
  defineArrayDriver({ ...fake, vendor: 'closing', connect: async (options) => ({ ...(await fake.connect(options)), close }) })
const body = { ...seed, vendor: 'closing', extra_attributes: few }

test('a device that does not end keeps nobody from removing its array', async (t) => {
  const { request, register, clock, logged } = await api(t, { drivers: [closing(() => new Promise(() => {}))] })
  const id = await register(body)
  let status: number | undefined
  const removed = request('DELETE', `/storages/${id}`).then((answer) => (status = answer.status))
  while (status === undefined) await clock.advance(1000)
  await removed
  assert.equal(status, 202)
  assert.deepEqual(
    logged.map(([message, fields]) => [message, fields!.array]),
    [['an array could not be left', id]],
  )
})

test('one that fails to end is told, and removed all the same', async (t) => {
  const driver = closing(() => {
    throw new Error('still busy')
  })
  const { request, register, logged } = await api(t, { drivers: [driver] })
  const id = await register(body)
  assert.equal((await request('DELETE', `/storages/${id}`)).status, 202)
  assert.match(String(logged[0]![1]!.error), /still busy/)
})
