import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LabelTable } from './label-table.ts'

test('the same label is the same object, and no other is', () => {
  const table = new LabelTable()
  const label = table.of('host', 'a')
  assert.deepEqual(label, ['host', 'a'])
  assert.equal(table.of('host', 'a'), label)
  assert.notEqual(table.of('host', 'b'), label)
  assert.notEqual(table.of('hos', 'ta'), label)
})

test('full, it begins anew, and what it gave before goes on', () => {
  const table = new LabelTable(2)
  const first = table.of('id', '1')
  table.of('id', '2')
  table.of('id', '3')
  assert.deepEqual(table.of('id', '1'), first)
  assert.notEqual(table.of('id', '1'), first)
})
