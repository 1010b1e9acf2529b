import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FiringLabels } from './firing-labels.ts'

test('of more alerts than are remembered the one told of longest ago is forgotten', () => {
  const firing = new FiringLabels()
  firing.tell(new Map([['first', { n: '1' }]]))
  firing.tell(new Map([['second', { n: '2' }]]))
  firing.tell(new Map([['first', { n: '1' }]]))
  firing.tell(new Map(Array.from({ length: 99_999 }, (_, n) => [`more ${n}`, {}])))
  assert.deepEqual([firing.get('second'), firing.get('first')], [undefined, { n: '1' }])
  firing.tell(new Map([['first', undefined]]))
  assert.equal(firing.get('first'), undefined)
})
