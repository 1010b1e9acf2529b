import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Owed, type Try } from './owed.ts'

const time = new Date(0)
const aTry = (given: Partial<Try<Date, unknown>> = {}): Try<Date, unknown> => ({
  time,
  data: 'data',
  count: 1,
  delivery: undefined,
  ...given,
})
const named = (id: string, count = 1) => aTry({ count, delivery: { id, attempt: 1, firstAcceptedMs: 0 } })

test('a delivery is recognised by its id, whatever object it comes as, and forgotten when it is taken', () => {
  const owed = new Owed<Date, unknown, string>()
  owed.keep({ ...named('x'), data: [1] }, 'b')
  assert.equal(owed.take(named('y')), undefined)
  assert.equal(owed.take({ ...named('x'), data: [1] }), 'b')
  assert.equal(owed.take(named('x')), undefined)
  assert.equal(owed.size, 0)
})

test('without an id it is recognised by being the same object at the same time', () => {
  const owed = new Owed<Date, unknown, string>()
  const data = [1]
  owed.keep(aTry({ data }), 'b')
  assert.equal(owed.take(aTry({ data: [1] })), undefined)
  assert.equal(owed.take(aTry({ data })), 'b')
  owed.keep(aTry({ data }), 'b')
  assert.equal(owed.take(aTry({ data, time: new Date(0) })), 'b')
  owed.keep(aTry({ data }), 'b')
  assert.equal(owed.take(aTry({ data, time: new Date(1) })), undefined)
})

test('another number of records under the same id is another delivery', () => {
  const owed = new Owed<Date, unknown, string>()
  owed.keep(named('x', 4), 'b')
  assert.equal(owed.take(named('x', 2)), undefined)
})

test('what is neither named nor an object is not remembered', () => {
  const owed = new Owed<Date, unknown, string>()
  owed.keep(aTry({ data: 7 }), 'b')
  assert.equal(owed.take(aTry({ data: 7 })), undefined)
})

test('the oldest are forgotten first', () => {
  const owed = new Owed<Date, unknown, string>(2)
  for (const id of ['x', 'y', 'z']) owed.keep(named(id), id)
  assert.deepEqual([owed.take(named('x')), owed.take(named('y')), owed.take(named('z'))], [undefined, 'y', 'z'])
})
