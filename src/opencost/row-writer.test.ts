import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Row, Table } from '../core/index.ts'
import { extensionOf, rowFormats, rowWriter } from './row-writer.ts'

const table: Table = {
  name: 'T',
  columns: [
    { name: 'At', type: 'datetime' },
    { name: 'Name "q"', type: 'string' },
    { name: 'Value', type: 'real' },
    { name: 'More', type: 'json' },
  ],
}
const atMs = Date.UTC(2026, 10, 21, 5, 38, 50, 250)

function write(format: (typeof rowFormats)[number], ...parts: readonly (readonly Row[])[]): string {
  const writer = rowWriter(format, table)
  return writer.head + parts.map((rows, index) => Buffer.from(writer.rows(rows, index === 0)).toString()).join('') + writer.tail
}

const one: Row = [atMs, 'a"é\n', 1e-7, { b: [null] }]
const two: Row = [atMs, '', null, {}]

test('001-16 kusto and jsonl: an object on each line, times in UTC', () => {
  const lines = `{"At":"2026-11-21T05:38:50.250Z","Name \\"q\\"":"a\\"é\\n","Value":1e-7,"More":{"b":[null]}}
{"At":"2026-11-21T05:38:50.250Z","Name \\"q\\"":"","Value":null,"More":{}}\n`
  for (const format of ['kusto', 'jsonl'] as const) assert.equal(write(format, [one], [two]), lines)
})

test('001-17 json: one list; csv: a header and a line for each', () => {
  assert.deepEqual(JSON.parse(write('json', [one, two], [one])), [
    { At: '2026-11-21T05:38:50.250Z', 'Name "q"': 'a"é\n', Value: 1e-7, More: { b: [null] } },
    { At: '2026-11-21T05:38:50.250Z', 'Name "q"': '', Value: null, More: {} },
    { At: '2026-11-21T05:38:50.250Z', 'Name "q"': 'a"é\n', Value: 1e-7, More: { b: [null] } },
  ])
  assert.equal(
    write('csv', [one], [two]),
    'At,"Name ""q""",Value,More\r\n2026-11-21T05:38:50.250Z,"a""é\n",1e-7,"{""b"":[null]}"\r\n2026-11-21T05:38:50.250Z,"",,{}\r\n',
  )
  assert.deepEqual(rowFormats.map(extensionOf), ['json', 'json', 'jsonl', 'csv'])
})

test('any rows, in any parts, read back from JSON', () => {
  const row = fc.tuple(
    fc.constant(atMs),
    fc.string({ unit: 'grapheme' }),
    fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.dictionary(fc.string(), fc.integer()),
  )
  fc.assert(
    fc.property(fc.array(fc.array(row, { minLength: 1 }), { minLength: 1 }), (parts) => {
      const expected = parts
        .flat()
        .map(([, name, value, more]) => ({ At: '2026-11-21T05:38:50.250Z', 'Name "q"': name, Value: value, More: { ...more } }))
      const plain = (text: unknown) => JSON.parse(JSON.stringify(text)) as unknown
      assert.deepEqual(JSON.parse(write('json', ...parts)), plain(expected))
      const lines = write('jsonl', ...parts)
        .trimEnd()
        .split('\n')
      assert.deepEqual(
        lines.map((line) => JSON.parse(line) as unknown),
        plain(expected),
      )
    }),
  )
})
