import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textTable } from './text-table.ts'

const columns = [{ title: 'name' }, { title: 'dropped', align: 'right' as const }, { title: 'count', align: 'right' as const }]

test('columns are aligned, two spaces apart, under their titles', () => {
  assert.deepEqual(
    textTable(columns, [
      ['a', '-', '12'],
      ['longer', '3', '4'],
    ]),
    ['name    dropped  count', 'a             -     12', 'longer        3      4'],
  )
})

test('where there is no room, columns with nothing to tell are left out, and no others', () => {
  const rows = [
    ['a', '-', '12'],
    ['longer', '-', '4'],
  ]
  assert.deepEqual(textTable(columns, rows, 22).length, 3)
  assert.equal(textTable(columns, rows, 22)[0], 'name    dropped  count')
  assert.deepEqual(textTable(columns, rows, 21), ['name    count', 'a          12', 'longer      4'])
  assert.equal(textTable(columns, [['a', '1', '2']], 1)[0], 'name  dropped  count')
  assert.deepEqual(textTable(columns, [], 1), ['name  dropped  count'])
})
