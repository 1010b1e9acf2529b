import assert from 'node:assert/strict'
import { test } from 'node:test'
import { context, startServer, stopping } from '../../http/server.fixture.ts'
import { ok } from '../../sdk.ts'
import { HttpExporter, type HttpExporterOptions } from './http.ts'
import { mapped, mappingProblem } from './mapping.ts'
import { now, points } from './points.fixture.ts'

test('F10: a mapping makes the payload of the records', async (t) => {
  const { url, requests } = await startServer(t)
  const cases: [options: Partial<HttpExporterOptions>, contentType: string, body: string][] = [
    [
      { mapping: '{ "source": "waybill", "signal": signal, "load": [records.{ "core": labels.core, "at": time, "value": value }] }' },
      'application/json',
      '{"source":"waybill","signal":"metrics","load":[{"core":"0","at":"2026-08-02T10:23:00.000Z","value":1},{"core":"0","at":"2026-08-02T10:23:00.000Z","value":2}]}',
    ],
    [{ mapping: '$max(records.value)' }, 'application/json', '2'],
    [{ mapping: 'records.{ "value": value }', format: 'jsonl' }, 'application/x-ndjson', '{"value":1}\n{"value":2}\n'],
    [{ mapping: '{ "sum": $sum(records.value) }', format: 'jsonl' }, 'application/x-ndjson', '{"sum":3}\n'],
  ]
  for (const [options, contentType, body] of cases) {
    const exporter = stopping(t, new HttpExporter({ endpoint: url, ...options }))
    assert.deepEqual(await exporter.export(now, points(1, 2), context), ok)
    assert.deepEqual([requests.at(-1)!.headers['content-type'], String(requests.at(-1)!.body)], [contentType, body])
  }
})

test('of rows a mapping sees the table', async () => {
  const batch = { signal: 'rows', table: { name: 'costs', columns: [{ name: 'pod', type: 'string' }] }, rows: [['a']] } as const
  const made = await mapped('{ "to": table, "pods": [records.pod] }')(batch, () => [{ pod: 'a' }])
  assert.equal(JSON.stringify(made), '{"to":"costs","pods":["a"]}')
})

test('F10: a mapping that fails is a reject that tells where, without a request', async (t) => {
  const { url, requests } = await startServer(t)
  for (const [mapping, told] of [
    ['$number(records[0].name)', /^http could not make a payload: mapping: Unable to cast value to a number.* \(at character 8\)$/],
    ['records.nothing', /nothing to send/],
  ] as const) {
    const exporter = stopping(t, new HttpExporter({ endpoint: url, mapping }))
    const result = await exporter.export(now, points(1), context)
    assert.ok(result.status === 'reject')
    assert.match(result.error.message, told)
  }
  assert.equal(requests.length, 0)
})

test('an expression that does not end is ended', async () => {
  const batch = points(1)
  const endless = '($again := function($n) { $again($n + 1) }; $again(0))'
  await assert.rejects(async () => mapped(endless, { timeout: 50 })(batch, () => []), /mapping: .*timeout after 50 milliseconds/)
  const deep = '($again := function($n) { $again($n + 1) + 1 }; $again(0))'
  await assert.rejects(async () => mapped(deep)(batch, () => []), /mapping: .*overflow/)
  await assert.rejects(async () => mapped('[1..9000000]')(batch, () => []), /mapping: .*maximum sequence length/)
})

test('what is wrong with an expression is told with its place', () => {
  assert.equal(mappingProblem('records.value'), undefined)
  assert.equal(mappingProblem('records.'), 'is not a JSONata expression: Unexpected end of expression (at character 8)')
})
