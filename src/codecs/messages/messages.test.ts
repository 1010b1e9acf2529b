import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Batch, type Encoder, metrics, type Point, recordsOf, resource, series } from '../../core/index.ts'
import {
  type Body,
  batchBody,
  MessageEncoder,
  MessageTemplate,
  messageIds,
  recordBody,
  requestBody,
  templateProblem,
  withTwins,
} from './messages.ts'

const plain = (text: string) => new MessageTemplate(text, (value = '?') => value)
/** A line for each record, which tells it from others. */
const lines: Encoder<Batch> = {
  contentType: 'application/x-ndjson',
  extension: 'jsonl',
  encode: (batch) =>
    Buffer.from(
      recordsOf(batch)
        .map((record) => `${JSON.stringify(record)}\n`)
        .join(''),
    ),
}
/** As OTLP, of which it has the form, it cannot say what is before 1970. */
const request: Body = requestBody({
  contentType: 'application/json',
  encodeInto: (writer, batch) => {
    const rejected = recordsOf(batch).flatMap((record, index) =>
      (record as Point).timeMs < 0 ? [{ index, error: new Error('before 1970') }] : [],
    )
    writer.text(String(recordsOf(batch).length - rejected.length))
    return rejected
  },
})
const point = (core: string, timeMs: number, value = 1): Point => ({ series: series('cpu.load', { core }), timeMs, value })
const text = (body: Uint8Array) => Buffer.from(body).toString()

test('a record each: a line of JSON without its end', () => {
  const encoder = new MessageEncoder({ body: recordBody(lines), address: plain('{signal}/{name}'), key: plain('{label.core}') })
  const batch = metrics([point('0', 0), point('1', 0)])
  const { messages, rejected } = encoder.encode(batch)
  assert.deepEqual(rejected, [])
  assert.deepEqual(
    messages.map(({ body, ...message }) => ({ ...message, body: text(body) })),
    batch.points.map((point, index) => ({
      address: 'metrics/cpu.load',
      key: String(index),
      indexes: [index],
      body: JSON.stringify(point),
    })),
  )
})

test('together: a message for each address and key, with the records in order', () => {
  const encoder = new MessageEncoder({ body: batchBody(lines), address: plain('{label.core}') })
  const points = [point('0', 0), point('1', 0), point('0', 1), point('1', 1), point('0', 2)]
  const { messages } = encoder.encode(metrics(points))
  assert.deepEqual(
    messages.map(({ address, key, indexes }) => [address, key, indexes]),
    [
      ['0', undefined, [0, 2, 4]],
      ['1', undefined, [1, 3]],
    ],
  )
  for (const { indexes, body } of messages) assert.deepEqual(body, lines.encode(metrics(indexes.map((index) => points[index]!))))
})

test('every record is in exactly one message, or is told of', () => {
  const record = fc.record({ core: fc.constantFrom('0', '1', '2'), timeMs: fc.constantFrom(0, 1, -1), value: fc.integer() })
  fc.assert(
    fc.property(fc.array(record), fc.constantFrom('record', 'batch', 'request'), (records, kind) => {
      const body = { record: recordBody(lines), batch: batchBody(lines), request }[kind]
      const encoder = new MessageEncoder({ body: body!, address: plain('{label.core}'), key: plain('{id}') })
      const batch = metrics(records.map(({ core, timeMs, value }) => point(core, timeMs, value)))
      const { messages, rejected } = encoder.encode(batch)
      const told = rejected.map((rejection) => ('index' in rejection ? rejection.index : -1))
      const all = [...messages.flatMap(({ indexes }) => indexes), ...told].sort((a, b) => a - b)
      assert.deepEqual(
        all,
        records.map((_, index) => index),
      )
      assert.deepEqual(
        told.toSorted((a, b) => a - b),
        kind === 'request' ? records.flatMap(({ timeMs }, index) => (timeMs < 0 ? [index] : [])) : [],
      )
    }),
  )
})

test('OTLP has no place for rows', () => {
  const encoder = new MessageEncoder({ body: request, address: plain('x') })
  assert.throws(() => encoder.encode({ signal: 'rows', table: { name: 't', columns: [] }, rows: [[]] }), /no place for rows/)
})

const origin = resource({ 'service.name': 'shop', host: 'of the resource' })
const batches: Readonly<Record<string, readonly [batch: Batch, expected: string]>> = {
  metrics: [
    metrics([{ ...point('0', 0), series: series('cpu.load', { host: 'a' }, { resource: origin }) }]),
    `metrics cpu.load ${series('cpu.load', { host: 'a' }, { resource: origin }).key} a shop`,
  ],
  traces: [
    {
      signal: 'traces',
      spans: [{ traceId: 't1', spanId: 's', name: 'GET', startTimeNs: 0n, endTimeNs: 1n, attributes: { host: 7 }, resource: origin }],
    },
    'traces GET t1 7 shop',
  ],
  logs: [
    {
      signal: 'logs',
      records: [{ timeNs: 0n, body: 'x', severityText: 'WARN', attributes: { host: ['no', 'single'] }, resource: origin }],
    },
    'logs WARN ? of the resource shop',
  ],
  alerts: [
    {
      signal: 'alerts',
      alerts: [{ id: 'a1', name: 'Full', severity: 'major', status: 'firing', startsAtMs: 0, labels: { host: 'a', 'service.name': 's' } }],
    },
    'alerts Full a1 a s',
  ],
  rows: [{ signal: 'rows', table: { name: 'costs', columns: [{ name: 'host', type: 'bool' }] }, rows: [[true]] }, 'rows costs ? true ?'],
}
for (const [signal, [batch, expected]] of Object.entries(batches))
  test(`fields of ${signal}`, () => {
    assert.equal(plain('{signal} {name} {id} {label.host} {label.service.name}').fill(batch, 0), expected)
    assert.equal(plain('{label.__proto__}{label.constructor}').fill(batch, 0), '??')
  })

test('a template that cannot be filled in is told', () => {
  assert.equal(templateProblem('a.{signal}.{label.x y}'), undefined)
  assert.match(templateProblem('{host}') ?? '', /\{host\} is not known/)
  assert.match(templateProblem('{label.}') ?? '', /is not known/)
  for (const text of ['{', '}', '{signal', 'a}b', '{{name}']) assert.match(templateProblem(text) ?? '', /a brace stands alone/, text)
})

test('ids are the same for every try of a delivery, and no two of a batch are the same', () => {
  const encoder = new MessageEncoder({ body: recordBody(lines), address: plain('{label.core}') })
  const point0 = point('0', 0)
  const { messages } = encoder.encode(metrics([point0, point('1', 0), point0, point('0', 1)]))
  const ids = messageIds('d1', messages)
  assert.deepEqual(messageIds('d1', messages), ids)
  assert.equal(new Set(ids).size, 4)
  assert.ok(ids[2] === `${ids[0]}-1` && ids.every((id) => id.startsWith('d1-')))
  assert.equal(new Set([...ids, ...messageIds('d2', messages)]).size, 8)
  // What is left of a delivery keeps its ids.
  assert.deepEqual(messageIds('d1', [messages[1]!, messages[3]!]), [ids[1], ids[3]])
  // But for what is there twice, which keeps them together.
  assert.deepEqual(messageIds('d1', [messages[2]!]), [ids[0]])
  assert.deepEqual(messageIds('d1', withTwins(messages, [messages[2]!, messages[3]!])), [ids[0], ids[2], ids[3]])
})
