import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Batch, type Column, metrics, series } from '../../core/index.ts'
import { CsvEncoder } from './csv.ts'

const textOf = (batch: Batch, csv = new CsvEncoder()) => csv.header(batch) + Buffer.from(csv.encode(batch)).toString()
const timeMs = Date.UTC(2026, 10, 21, 1, 2, 3, 456)
const timeNs = BigInt(timeMs) * 1_000_000n + 789n
const strings = (...names: string[]): readonly Column[] => names.map((name) => ({ name, type: 'string' }))

/** Any character; fast-check's own `binary` unit costs most of a second. */
const character = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code).toWellFormed())

/** RFC 4180, by its grammar: the records, each a list of fields. */
function parse(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  while (field.lastIndex < text.length) {
    const [, quoted, plain, end] = field.exec(text) ?? assert.fail(`no field in ${JSON.stringify(text)}`)
    record.push(quoted?.replaceAll('""', '"') ?? plain!)
    if (end === ',') continue
    records.push(record)
    record = []
  }
  return records
}

test('points: a column for each part, labels and distributions as JSON', () => {
  const load = series('load', { core: '0', host: 'a,b' }, { unit: '1' })
  const histogram = { count: 1, bounds: [0.5], counts: [1, 0] }
  const values = [0.4273, Number.NaN, Number.POSITIVE_INFINITY, histogram]
  assert.equal(
    textOf(metrics(values.map((value) => ({ series: load, timeMs, value })))),
    [
      'time,name,value,unit,kind,labels',
      '2026-11-21T01:02:03.456Z,load,0.4273,1,gauge,"{""core"":""0"",""host"":""a,b""}"',
      '2026-11-21T01:02:03.456Z,load,,1,gauge,"{""core"":""0"",""host"":""a,b""}"',
      '2026-11-21T01:02:03.456Z,load,+Inf,1,gauge,"{""core"":""0"",""host"":""a,b""}"',
      '2026-11-21T01:02:03.456Z,load,"{""count"":1,""bounds"":[0.5],""counts"":[1,0]}",1,gauge,"{""core"":""0"",""host"":""a,b""}"',
      '',
    ].join('\r\n'),
  )
})

test('a record of each other signal', () => {
  const span = {
    traceId: 'f0',
    spanId: '0f',
    name: 'GET',
    startTimeNs: timeNs,
    endTimeNs: timeNs,
    status: { code: 'error', message: 'a\nb' },
  } as const
  const log = { timeNs, severityNumber: 9, body: 'hello', attributes: { code: 200n } }
  const alert = { id: 'i', name: 'Full', severity: 'major', status: 'firing', startsAtMs: timeMs, labels: {} } as const
  const columns: readonly Column[] = [
    { name: 'at', type: 'datetime' },
    { name: 'n', type: 'int' },
    { name: 'x', type: 'json' },
    { name: 's', type: 'string' },
  ]
  const batches: Batch[] = [
    { signal: 'traces', spans: [span] },
    { signal: 'logs', records: [log] },
    { signal: 'alerts', alerts: [alert] },
    {
      signal: 'rows',
      table: { name: 't', columns },
      rows: [
        [timeMs, 2n ** 63n, [1], ''],
        [null, null, null, null],
      ],
    },
  ]
  assert.deepEqual(
    batches.map((batch) => textOf(batch)),
    [
      'start_time,end_time,trace_id,span_id,parent_span_id,name,kind,status,status_message,attributes,resource\r\n' +
        '2026-11-21T01:02:03.456000789Z,2026-11-21T01:02:03.456000789Z,f0,0f,,GET,,error,"a\nb",,\r\n',
      'time,severity_number,severity_text,body,attributes,trace_id,span_id,resource\r\n' +
        '2026-11-21T01:02:03.456000789Z,9,,hello,"{""code"":200}",,,\r\n',
      'starts_at,ends_at,id,name,severity,status,labels,annotations\r\n2026-11-21T01:02:03.456Z,,i,Full,major,firing,{},\r\n',
      'at,n,x,s\r\n2026-11-21T01:02:03.456Z,9223372036854775808,[1],""\r\n,,,\r\n',
    ],
  )
})

test('any text reads back', () => {
  const cell = fc.oneof(fc.string({ unit: character }), fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', '=') }))
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell)), cell, (rows, name) => {
      const batch: Batch = { signal: 'rows', table: { name: 't', columns: strings(name, 'b') }, rows }
      assert.deepEqual(parse(textOf(batch)), [[name, 'b'], ...rows])
    }),
  )
})

test('no text looks like a formula when formulas are escaped; numbers stay numbers', () => {
  const batch: Batch = {
    signal: 'rows',
    table: { name: 't', columns: [...strings('=a', 'b', 'c'), { name: 'n', type: 'real' }] },
    rows: [
      ['=1+1', '\t@x', 'a=b', -5],
      ['-5', '+"', '＝1', 1],
    ],
  }
  const [header, ...rows] = parse(textOf(batch, new CsvEncoder({ escapeFormulas: true })))
  assert.deepEqual(header, ["'=a", 'b', 'c', 'n'])
  assert.deepEqual(rows, [
    ["'=1+1", "'\t@x", 'a=b', '-5'],
    ["'-5", '\'+"', "'＝1", '1'],
  ])
  const points = metrics([{ series: series('=cmd()', {}, { unit: '@' }), timeMs, value: -1 }])
  assert.deepEqual(parse(textOf(points, new CsvEncoder({ escapeFormulas: true })))[1]!.slice(1), ["'=cmd()", '-1', "'@", 'gauge', '{}'])
})
