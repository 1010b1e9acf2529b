import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteWriter, series } from '../../core/index.ts'
import { Column } from './column.ts'
import { SeriesColumn } from './series-column.ts'
import { SeriesRows } from './series-rows.ts'
import { TextTable } from './text-table.ts'

test('a table of texts that begins anew makes no dictionary wrong', () => {
  const rows = new SeriesRows()
  const place = { path: ['name'], repetition: 0, definition: 0 }
  const column = new SeriesColumn(new Column('text', place), { rows, textsOf: ({ name }) => [name], texts: new TextTable(2) })
  for (const names of [
    ['a', 'b', 'c'],
    ['c', 'a'],
    ['b', 'd'],
    ['d', 'c', 'b', 'a'],
  ]) {
    for (const name of names) rows.add(series(name))
    column.complete()
    const writer = new ByteWriter(64)
    assert.equal(column.writeDictionary(writer), names.length)
    const written = Buffer.from(writer.view()).toString('latin1').replaceAll('\x01\0\0\0', '')
    assert.equal(written, names.join(''))
    assert.deepEqual([column.count, column.nulls], [names.length, 0])
    rows.clear()
  }
})
