import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gate } from './gate.ts'

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

test('a change waits for what is under way, and what comes meanwhile waits for the change', async () => {
  const gate = new Gate()
  const order: string[] = []
  const first = deferred()
  const passing = gate.pass(async () => {
    await first.promise
    order.push('first')
  })
  const changing = gate.change(() => order.push('change'))
  const late = gate.pass(async () => order.push('late'))
  const again = gate.change(() => order.push('change again'))
  assert.deepEqual(order, [])
  first.resolve()
  await Promise.all([passing, changing, late, again])
  assert.deepEqual(order.slice(0, 2), ['first', 'change'])
  assert.deepEqual(order.slice(2).sort(), ['change again', 'late'])
})

test('work and changes that fail let the others through', async () => {
  const gate = new Gate()
  const broken = () => {
    throw new Error('broken')
  }
  await assert.rejects(
    gate.pass(async () => broken()),
    /broken/,
  )
  await assert.rejects(gate.change(broken), /broken/)
  assert.equal(await gate.pass(async () => 7), 7)
  assert.equal(await gate.change(() => 8), 8)
})
