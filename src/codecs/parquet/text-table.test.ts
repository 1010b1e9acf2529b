import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TextTable } from './text-table.ts'

const numbers = (table: TextTable, ...texts: string[]) => texts.map((text) => table.numberOf(table.idOf(text)))

test('each dictionary has the texts asked of it, once, in their order', () => {
  const table = new TextTable()
  table.begin()
  assert.deepEqual(numbers(table, 'a', 'b', 'a', ''), [0, 1, 0, 2])
  assert.deepEqual(table.dictionary, ['a', 'b', ''])
  assert.equal(table.begin(), false)
  assert.deepEqual(numbers(table, 'c', 'b', 'c'), [0, 1, 0])
  assert.deepEqual(table.dictionary, ['c', 'b'])
})

test('a table that has become too large begins anew, and its ids with it', () => {
  const table = new TextTable(100)
  table.begin()
  for (let index = 0; index < 100; index++) table.idOf(String(index))
  assert.equal(table.idOf('last'), 100)
  assert.equal(table.begin(), true)
  assert.deepEqual(numbers(table, 'b', '5', 'b'), [0, 1, 0])
  assert.deepEqual([table.idOf('b'), table.dictionary], [0, ['b', '5']])
})
