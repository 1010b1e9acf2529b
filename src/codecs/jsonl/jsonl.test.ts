import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Batch, ByteWriter, metrics, type Point, resource, scope, series } from '../../core/index.ts'
import { JsonLinesEncoder } from './jsonl.ts'

const encoder = new JsonLinesEncoder()
const linesOf = (batch: Batch) => encoder.lines(batch)
const timeMs = Date.UTC(2026, 10, 21, 1, 2, 3, 456)
const timeNs = BigInt(timeMs) * 1_000_000n + 789n

/** Any character; fast-check's own `binary` unit costs most of a second. */
const character = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code).toWellFormed())

test('a point', () => {
  const load = series('system.cpu.load', { core: '0', host: 'a "b"\n' }, { unit: '1' })
  assert.deepEqual(linesOf(metrics([{ series: load, timeMs, value: 0.4273 }])), [
    '{"time":"2026-11-21T01:02:03.456Z","name":"system.cpu.load","kind":"gauge","unit":"1","labels":{"core":"0","host":"a \\"b\\"\\n"},"value":0.4273}',
  ])
})

test('all that a point can have', () => {
  const origin = { resource: resource({ 'host.name': 'a' }), scope: scope('disk', '1.0', { n: 1n }) }
  const bytes = series('io', {}, { kind: 'counter', temporality: 'delta', monotonic: true, ...origin })
  const exemplars = [{ value: Number.NaN, timeMs: 1, traceId: 'ff', labels: { a: 'é' } }]
  assert.deepEqual(linesOf(metrics([{ series: bytes, timeMs, value: 2, startTimeMs: 0, exemplars }])), [
    '{"time":"2026-11-21T01:02:03.456Z","name":"io","kind":"counter","temporality":"delta","monotonic":true,"labels":{},"resource":{"host.name":"a"},' +
      '"scope":{"name":"disk","version":"1.0","attributes":{"n":1}},"value":2,"startTime":"1970-01-01T00:00:00.000Z",' +
      '"exemplars":[{"value":"NaN","time":"1970-01-01T00:00:00.001Z","traceId":"ff","labels":{"a":"é"}}]}',
  ])
})

test('values that are no plain number', () => {
  const histogram = { count: 3, sum: Number.POSITIVE_INFINITY, bounds: [0.5], counts: [1, 2] }
  const values: Point['value'][] = [Number.NaN, Number.POSITIVE_INFINITY, -Number.POSITIVE_INFINITY, histogram]
  const lines = linesOf(metrics(values.map((value) => ({ series: series('x'), timeMs, value }))))
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).value),
    ['NaN', '+Inf', '-Inf', { count: 3, sum: '+Inf', bounds: [0.5], counts: [1, 2] }],
  )
  const [gone] = linesOf(metrics([{ series: series('x'), timeMs, value: Number.NaN, stale: true }]))
  assert.equal(JSON.parse(gone!).stale, true)
})

test('a record of each other signal', () => {
  const span = { traceId: 'f0', spanId: '0f', name: 'GET', startTimeNs: timeNs, endTimeNs: timeNs + 1n, events: [{ timeNs, name: 'e' }] }
  const log = { timeNs, severityText: 'INFO', body: { raw: new Uint8Array([1]) }, attributes: { big: 2n ** 60n } }
  const alert = { id: 'i', name: 'Full', severity: 'major', status: 'firing', startsAtMs: timeMs, labels: { disk: 'sda' } } as const
  const table = {
    name: 't',
    columns: [
      { name: 'at', type: 'datetime' },
      { name: 'n', type: 'int' },
      { name: 'x', type: 'json' },
    ],
  } as const
  const batches: Batch[] = [
    { signal: 'traces', spans: [span] },
    { signal: 'logs', records: [log] },
    { signal: 'alerts', alerts: [alert] },
    {
      signal: 'rows',
      table,
      rows: [
        [timeMs, 5n, { a: [null] }],
        [null, 2n ** 63n, null],
      ],
    },
  ]
  assert.deepEqual(batches.flatMap(linesOf), [
    '{"startTime":"2026-11-21T01:02:03.456000789Z","endTime":"2026-11-21T01:02:03.456000790Z","traceId":"f0","spanId":"0f","name":"GET","events":[{"time":"2026-11-21T01:02:03.456000789Z","name":"e"}]}',
    '{"time":"2026-11-21T01:02:03.456000789Z","severityText":"INFO","body":{"raw":{"base64":"AQ=="}},"attributes":{"big":"1152921504606846976"}}',
    '{"startsAt":"2026-11-21T01:02:03.456Z","id":"i","name":"Full","severity":"major","status":"firing","labels":{"disk":"sda"}}',
    '{"at":"2026-11-21T01:02:03.456Z","n":5,"x":{"a":[null]}}',
    '{"at":null,"n":"9223372036854775808","x":null}',
  ])
})

test('any point is one line that reads back', () => {
  const text = fc.string({ unit: character })
  const point = fc.record({ name: text, labels: fc.dictionary(text, text), value: fc.double(), timeMs: fc.nat() })
  fc.assert(
    fc.property(fc.array(point, { maxLength: 5 }), (points) => {
      const lines = linesOf(metrics(points.map(({ name, labels, ...rest }) => ({ series: series(name, labels), ...rest }))))
      assert.equal(lines.length, points.length)
      for (const [index, { name, labels, value, timeMs }] of points.entries()) {
        const { labels: readLabels, value: readValue, ...rest } = JSON.parse(lines[index]!)
        assert.deepEqual(rest, { time: new Date(timeMs).toISOString(), name, kind: 'gauge' })
        assert.deepEqual(Object.entries(readLabels).sort(), Object.entries(labels).sort())
        assert.equal(Number(String(readValue).replace('Inf', 'Infinity')), value + 0)
      }
    }),
  )
})

test('pieces go behind each other', () => {
  const writer = new ByteWriter(1)
  const batch = metrics([{ series: series('x'), timeMs, value: 1 }])
  encoder.encodeInto(writer, batch)
  encoder.encodeInto(writer, batch)
  assert.equal(Buffer.from(writer.view()).toString(), Buffer.from(encoder.encode(batch)).toString().repeat(2))
})
