import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ColumnType, Table } from '../core/index.ts'
import { kqlName, kqlText } from './kql-name.ts'
import { createMapping, createTable, ingestInto, kustoTypes } from './table-commands.ts'

const table: Table = {
  name: 'Costs',
  columns: [
    { name: 'Timestamp', type: 'datetime' },
    { name: '_team name', type: 'string' },
    { name: 'Cost', type: 'real' },
    { name: 'Properties', type: 'json' },
  ],
}

test('a table is created with its columns, or gets those it lacks', () => {
  assert.equal(
    createTable(table),
    `.create-merge table Costs (
    Timestamp: datetime,
    ['_team name']: string,
    Cost: real,
    Properties: dynamic
)`,
  )
})

test('001-29 the mapping takes every column from the field of its name', () => {
  assert.equal(
    createMapping(table),
    `.create-or-alter table Costs ingestion json mapping 'Costs_mapping'
\`\`\`
[
    {"column":"Timestamp","datatype":"datetime","Properties":{"Path":"$.Timestamp"}},
    {"column":"_team name","datatype":"string","Properties":{"Path":"$['_team name']"}},
    {"column":"Cost","datatype":"real","Properties":{"Path":"$.Cost"}},
    {"column":"Properties","datatype":"dynamic","Properties":{"Path":"$.Properties"}}
]
\`\`\``,
  )
})

test('001-30 a file is taken in with that mapping, by the format that it has', () => {
  assert.equal(
    ingestInto(table, 'https://a.blob.core.windows.net/c/d.json?sig=x', 'multijson'),
    `.ingest into table Costs (h'https://a.blob.core.windows.net/c/d.json?sig=x')\nwith (format='multijson', ingestionMappingReference='Costs_mapping')`,
  )
})

test('no name or text ends early', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("'", '\\', 'a', '\n', ']', ' ') }), (text) => {
      const literal = /^'((?:[^'\\\n]|\\.)*)'$/.exec(kqlText(text))
      assert.ok(literal, kqlText(text))
      const read = literal[1]!.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))
      assert.equal(read, text)
      assert.match(kqlName(text), /^(\w+|\['(?:[^'\\\n]|\\.)*'\])$/)
    }),
  )
})

test('every type of column has one in Kusto', () => {
  const types: ColumnType[] = ['string', 'int', 'real', 'bool', 'datetime', 'json']
  assert.deepEqual(
    types.map((type) => kustoTypes[type]),
    ['string', 'long', 'real', 'bool', 'datetime', 'dynamic'],
  )
})
