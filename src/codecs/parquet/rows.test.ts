import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Cell, Column, ColumnType, RowsBatch } from '../../core/index.ts'
import { type Compression, ParquetEncoder, ParquetFile, unfit } from './parquet.ts'
import { metadataOf, queryByDuckDb, rowsByHyparquet } from './read.fixture.ts'

const table = (columns: readonly Column[], ...rows: readonly (readonly Cell[])[]): RowsBatch => ({
  signal: 'rows',
  table: { name: 't', columns },
  rows,
})

const character = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code).toWellFormed())
const text = fc.oneof(fc.string({ unit: character }), fc.constantFrom('', 'a', 'b'))
const cells: Readonly<Record<ColumnType, fc.Arbitrary<Cell>>> = {
  string: text,
  int: fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(0, 7)),
  real: fc.double(),
  bool: fc.boolean(),
  datetime: fc.integer({ min: -6e13, max: 8e13 }),
  json: fc.jsonValue().map((value) => (value === null ? {} : JSON.parse(JSON.stringify(value)))) as fc.Arbitrary<Cell>,
}
const types = Object.keys(cells) as ColumnType[]
/** Few or many rows, and columns of any types, which may be null anywhere. */
const tables = fc.array(fc.constantFrom(...types), { minLength: 1, maxLength: 5 }).chain((chosen) =>
  fc.array(fc.tuple(...chosen.map((type) => fc.option(cells[type], { freq: 3 }))), { maxLength: 40 }).map((rows) =>
    table(
      chosen.map((type, index) => ({ name: `${type} ${index}`, type })),
      ...rows,
    ),
  ),
)

/** As hyparquet has it. */
function asRead(type: ColumnType, cell: Cell): unknown {
  if (cell === null) return null
  if (type === 'int') return BigInt(cell as number)
  return type === 'datetime' ? new Date(cell as number) : cell
}

const objects = ({ table, rows }: RowsBatch, cell: (type: ColumnType, value: Cell) => unknown) =>
  rows.map((row) => Object.fromEntries(table.columns.map(({ name, type }, index) => [name, cell(type, row[index]!)])))

test('any table is read back by hyparquet, with any compression and however it is cut into row groups', async () => {
  const compression = fc.constantFrom<Compression>('none', 'snappy', 'gzip', 'zstd')
  await fc.assert(
    fc.asyncProperty(tables, compression, fc.integer({ min: 1, max: 5 }), async (batch, compression, times) => {
      const file = new ParquetFile({ compression, rowGroupSize: 1 })
      const batches = Array<RowsBatch>(times).fill(batch)
      const bytes = Buffer.concat([...batches.map((batch) => Buffer.from(file.add(batch))), file.end()])
      const expected = objects(batch, asRead)
      assert.deepEqual(
        await rowsByHyparquet(bytes),
        batches.flatMap(() => expected),
      )
      assert.equal(metadataOf(bytes).row_groups.length, batch.rows.length > 0 ? times : 0)
    }),
  )
})

test('any table is read back by DuckDB', async () => {
  const value = (type: ColumnType, cell: Cell): unknown => {
    if (cell === null) return null
    if (type === 'int') return String(BigInt(cell as number))
    if (type === 'json') return cell
    if (type === 'real' && !Number.isFinite(cell)) return String(cell)
    return cell
  }
  await fc.assert(
    fc.asyncProperty(tables, async (batch) => {
      const selected = batch.table.columns.map(({ name, type }) =>
        type === 'datetime' ? `epoch_ms("${name}")::DOUBLE AS "${name}"` : `"${name}"`,
      )
      const read = await queryByDuckDb(new ParquetEncoder().encode(batch), `SELECT ${selected.join()} FROM file`)
      const json = batch.table.columns.filter(({ type }) => type === 'json').map(({ name }) => name)
      const parsed = read.map((row) => ({
        ...row,
        ...Object.fromEntries(json.map((name) => [name, row[name] && JSON.parse(String(row[name]))])),
      }))
      assert.deepEqual(parsed, objects(batch, value))
    }),
    { numRuns: 30 },
  )
})

test('a table without rows has its columns', async () => {
  const file = new ParquetEncoder().encode(table(types.map((type) => ({ name: type, type }))))
  const described = await queryByDuckDb(file, 'DESCRIBE file')
  assert.deepEqual(
    described.map(({ column_name, column_type }) => [column_name, column_type]),
    [
      ['string', 'VARCHAR'],
      ['int', 'BIGINT'],
      ['real', 'DOUBLE'],
      ['bool', 'BOOLEAN'],
      ['datetime', 'TIMESTAMP WITH TIME ZONE'],
      ['json', 'JSON'],
    ],
  )
  assert.deepEqual(await rowsByHyparquet(file), [])
  const logical = metadataOf(file).schema.map(({ name, type, logical_type }) => [name, type, logical_type])
  assert.deepEqual(logical.slice(1), [
    ['string', 'BYTE_ARRAY', { type: 'STRING' }],
    ['int', 'INT64', undefined],
    ['real', 'DOUBLE', undefined],
    ['bool', 'BOOLEAN', undefined],
    ['datetime', 'INT64', { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' }],
    ['json', 'BYTE_ARRAY', { type: 'JSON' }],
  ])
})

test('what a column cannot hold is told, and nothing of its batch is added', async () => {
  const columns: readonly Column[] = [
    { name: 'n', type: 'int' },
    { name: 'b', type: 'bool' },
    { name: 't', type: 'datetime' },
    { name: 'r', type: 'real' },
  ]
  const good = [1, true, 0, 0.5]
  const wrong: Cell[][] = [
    [2n ** 63n, true, 0, 0],
    [0.5, true, 0, 0],
    ['1', true, 0, 0],
    [1, 1, 0, 0],
    [1, true, Number.NaN, 0],
    [1, true, 0, '0'],
  ]
  const batch = table(columns, good, ...wrong, good)
  assert.deepEqual(
    unfit(batch).map((rejection) => 'index' in rejection && rejection.index),
    [1, 2, 3, 4, 5, 6],
  )
  const file = new ParquetFile()
  const bytes = [Buffer.from(file.add(table(columns, good)))]
  assert.throws(() => file.add(batch), { name: 'RangeError', message: '9223372036854775808 is no integer of 64 bits' })
  assert.throws(() => file.add(table(columns, good, wrong[3]!)), {
    name: 'TypeError',
    message: 'a column of the type bool cannot hold 1: b',
  })
  bytes.push(Buffer.from(file.end()))
  assert.deepEqual(await rowsByHyparquet(Buffer.concat(bytes)), [{ n: 1n, b: true, t: new Date(0), r: 0.5 }])
})

test('text in a column is what it was, also where it is no text: then it is JSON', async () => {
  const batch = table([{ name: 's', type: 'string' }], ['\ud800'], [5], [{ a: [1n] }])
  assert.deepEqual(await rowsByHyparquet(new ParquetEncoder().encode(batch)), [{ s: '\ufffd' }, { s: '5' }, { s: '{"a":[1]}' }])
})
