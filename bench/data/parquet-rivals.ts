import {
  type Data,
  Dictionary,
  Field,
  Float64,
  Int32,
  Map_,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimestampMillisecond,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { Compression, Table as WasmTable, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm/node'
import type { MetricsBatch } from '../../src/core/index.ts'
import type { Rival } from './rivals.ts'

const utf8 = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const
const schema = [
  { name: 'schema', num_children: 5 },
  { name: 'time', type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'REQUIRED' },
  { name: 'value', type: 'DOUBLE', repetition_type: 'REQUIRED' },
  { name: 'labels', converted_type: 'MAP', repetition_type: 'REQUIRED', num_children: 1 },
  { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
  { name: 'key', ...utf8 },
  { name: 'value', ...utf8 },
  { name: 'name', ...utf8 },
  { name: 'kind', ...utf8 },
] as const

/** Columns that are there already, the labels of a series as one array. */
export const hyparquetWriter: Rival = (batches) =>
  batches.map(({ points }) => {
    const columnData = [
      { name: 'time', data: points.map(({ timeMs }) => new Date(timeMs)) },
      { name: 'value', data: Float64Array.from(points, ({ value }) => Number(value)) },
      { name: 'labels', data: points.map(({ series }) => series.labels) },
      { name: 'name', data: points.map(({ series }) => series.name) },
      { name: 'kind', data: points.map(({ series }) => series.kind) },
    ]
    return () => new Uint8Array(parquetWriteBuffer({ columnData, schema: [...schema], rowGroupSize: points.length }))
  })

const snappy = () => new WriterPropertiesBuilder().setCompression(Compression.SNAPPY).setMaxRowGroupSize(1_000_000).build()

/** An Arrow table that is there already, its texts as dictionaries; the measured part hands it over and writes it. */
export const parquetWasm: Rival = (batches) =>
  batches.map(arrowTable).map((table) => () => writeParquet(WasmTable.fromIPCStream(tableToIPC(table, 'stream')), snappy()))

function arrowTable({ points }: MetricsBatch): Table {
  const names = points.flatMap(({ series }) => series.labels.map(([name]) => name))
  const values = points.flatMap(({ series }) => series.labels.map(([, value]) => value))
  const key = texts(names)
  const value = texts(values)
  const entries = makeData({
    type: new Struct<{ key: Dictionary; value: Dictionary }>([new Field('key', key.type), new Field('value', value.type)]),
    length: names.length,
    children: [key, value],
  })
  const valueOffsets = new Int32Array(points.length + 1)
  points.forEach(({ series }, row) => {
    valueOffsets[row + 1] = valueOffsets[row]! + series.labels.length
  })
  const columns: Record<string, Data> = {
    time: makeData({ type: new TimestampMillisecond('UTC'), data: BigInt64Array.from(points, ({ timeMs }) => BigInt(timeMs)) }),
    value: makeData({ type: new Float64(), data: Float64Array.from(points, ({ value }) => Number(value)) }),
    labels: makeData({ type: new Map_(new Field('entries', entries.type)), length: points.length, valueOffsets, child: entries }),
    name: texts(points.map(({ series }) => series.name)),
    kind: texts(points.map(({ series }) => series.kind)),
  }
  const schema = new Schema(Object.entries(columns).map(([name, { type }]) => new Field(name, type)))
  const rows = makeData({ type: new Struct(schema.fields), length: points.length, children: Object.values(columns) })
  return new Table([new RecordBatch(schema, rows)])
}

let dictionaries = 0

function texts(values: readonly string[]): Data<Dictionary<Utf8, Int32>> {
  const numbers = new Map<string, number>()
  const data = Int32Array.from(values, (value) => {
    const number = numbers.get(value) ?? numbers.size
    numbers.set(value, number)
    return number
  })
  return makeData({
    type: new Dictionary(new Utf8(), new Int32(), dictionaries++),
    data,
    dictionary: vectorFromArray([...numbers.keys()], new Utf8()),
  })
}

/** The rows of a file, without the columns that only one side writes. */
export async function parquetRows(bytes: string | Uint8Array): Promise<readonly unknown[]> {
  const file = new Uint8Array(bytes as Uint8Array).buffer
  const rows = await parquetReadObjects({ file, compressors, columns: ['time', 'value', 'labels', 'name', 'kind'] })
  return rows.map(({ time, value, labels, name, kind }) => ({ time, value, labels, name, kind }))
}
