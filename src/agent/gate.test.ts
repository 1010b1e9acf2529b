import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gate } from './gate.ts'

const never = new AbortController().signal

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
  const changing = gate.change(() => order.push('change'), never)
  const late = gate.pass(async () => order.push('late'))
  const again = gate.change(() => order.push('change again'), never)
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
  await assert.rejects(gate.change(broken, never), /broken/)
  assert.equal(await gate.pass(async () => 7), 7)
  assert.equal(await gate.change(() => {}, never), true)
})

test('a change that would have to wait too long is not made, and what comes goes on as before', async () => {
  const gate = new Gate()
  const first = deferred()
  const passing = gate.pass(() => first.promise)
  const deadline = new AbortController()
  const changing = gate.change(() => assert.fail('changed'), deadline.signal)
  const late = gate.pass(async () => 7)
  deadline.abort()
  assert.equal(await changing, false)
  assert.equal(await late, 7)
  first.resolve()
  await passing
  assert.equal(await gate.change(() => {}, never), true)
})
