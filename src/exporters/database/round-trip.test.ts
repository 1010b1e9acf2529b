import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metrics, type Point, resource, scope, series } from '../../sdk.ts'
import { exporterTo, rowsOf } from './database.fixture.ts'

const timeMs = Date.UTC(2026, 7, 2, 10, 23)
const timeNs = BigInt(timeMs) * 1_000_000n + 123_456_789n
const time = '2026-08-02T10:23:00.000000Z'
const ok = { status: 'ok' }
const load = series('system.cpu.load', { core: '0' }, { unit: '1' })
const point = (given: Partial<Point>): Point => ({ series: load, timeMs, value: 1, ...given })

test('points are read in the view `metrics`, with everything that they had', async (t) => {
  const { path, send } = await exporterTo(t)
  const requests = series(
    'http.requests',
    {},
    {
      kind: 'counter',
      temporality: 'delta',
      monotonic: true,
      help: 'Requests.',
      resource: resource({ 'service.name': 'shop' }),
      scope: scope('http', '1.2'),
    },
  )
  const exemplars = [{ value: 7, traceId: 'ab' }]
  assert.deepEqual(
    await send(
      metrics([point({ series: requests, timeMs: timeMs + 0.25, startTimeMs: timeMs - 1000, exemplars }), point({ value: -0.5 })]),
    ),
    ok,
  )
  const nothing = {
    distribution: null,
    start_time: null,
    exemplars: null,
    stale: null,
    temporality: null,
    monotonic: null,
    resource: null,
    scope: null,
  }
  assert.deepEqual(rowsOf(path, 'SELECT * FROM metrics ORDER BY time, name DESC'), [
    { ...nothing, time, name: 'system.cpu.load', labels: '{"core":"0"}', value: -0.5, unit: '1', kind: 'gauge' },
    {
      ...nothing,
      time: '2026-08-02T10:23:00.000250Z',
      name: 'http.requests',
      labels: '{}',
      value: 1,
      unit: null,
      kind: 'counter',
      start_time: '2026-08-02T10:22:59.000000Z',
      exemplars: '[{"value":7,"traceId":"ab"}]',
      temporality: 'delta',
      monotonic: 1,
      resource: '{"service.name":"shop"}',
      scope: '{"name":"http","version":"1.2"}',
    },
  ])
})

test('infinities are kept, NaN is null, and a distribution is JSON', async (t) => {
  const { path, send } = await exporterTo(t)
  const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 5e-324, 1e308, -0]
  const histogram = { count: 3, sum: Number.NaN, bounds: [1], counts: [1, 2] }
  const points = [...values, histogram].map((value, n) => point({ value, timeMs: timeMs + n }))
  assert.deepEqual(await send(metrics([...points, point({ value: Number.NaN, stale: true, timeMs: timeMs + 9 })])), ok)
  assert.deepEqual(
    rowsOf(path, 'SELECT value, typeof(value) AS type, distribution, stale FROM metrics').map((row) => Object.values(row)),
    [
      [Number.POSITIVE_INFINITY, 'real', null, null],
      [Number.NEGATIVE_INFINITY, 'real', null, null],
      [null, 'null', null, null],
      [5e-324, 'real', null, null],
      [1e308, 'real', null, null],
      [0, 'real', null, null],
      [null, 'null', '{"count":3,"sum":"NaN","bounds":[1],"counts":[1,2]}', null],
      [null, 'null', null, 1],
    ],
  )
})

test('a span is a row of `spans`', async (t) => {
  const { path, send } = await exporterTo(t)
  const span = {
    traceId: '0123456789abcdef0123456789abcdef',
    spanId: '0123456789abcdef',
    parentSpanId: 'fedcba9876543210',
    traceState: 'a=b',
    name: 'GET /',
    kind: 'server' as const,
    startTimeNs: timeNs,
    endTimeNs: timeNs + 1_500_000n,
    attributes: { size: 2n ** 60n, raw: new Uint8Array([1, 2]) },
    events: [{ timeNs: timeNs + 1n, name: 'begun', attributes: { n: 1 } }],
    links: [{ traceId: 'ab', spanId: 'cd' }],
    status: { code: 'error' as const, message: 'no' },
    resource: resource({ host: 'a' }),
    scope: scope('http'),
  }
  assert.deepEqual(await send({ signal: 'traces', spans: [span] }), ok)
  assert.deepEqual(rowsOf(path, 'SELECT * FROM spans'), [
    {
      start_time: '2026-08-02T10:23:00.123456789Z',
      end_time: '2026-08-02T10:23:00.124956789Z',
      duration_ms: 1.5,
      name: 'GET /',
      kind: 'server',
      status: 'error',
      status_message: 'no',
      trace_id: span.traceId,
      span_id: span.spanId,
      parent_span_id: span.parentSpanId,
      trace_state: 'a=b',
      attributes: '{"size":"1152921504606846976","raw":{"base64":"AQI="}}',
      events: '[{"time":"2026-08-02T10:23:00.123456790Z","name":"begun","attributes":{"n":1}}]',
      links: '[{"traceId":"ab","spanId":"cd"}]',
      resource: '{"host":"a"}',
      scope: '{"name":"http"}',
    },
  ])
})

test('a log record is a row of `logs`', async (t) => {
  const { path, send } = await exporterTo(t)
  const full = {
    timeNs,
    observedTimeNs: timeNs + 1n,
    severityNumber: 9,
    severityText: 'INFO',
    body: 'it’s\nfine',
    attributes: { a: [1] },
    traceId: 'ab',
    spanId: 'cd',
  }
  assert.deepEqual(await send({ signal: 'logs', records: [full, { timeNs, body: { event: 'start' } }] }), ok)
  const empty = { observed_time: null, severity_number: null, severity_text: null, attributes: null, trace_id: null, span_id: null }
  const rest = { resource: null, scope: null }
  assert.deepEqual(rowsOf(path, 'SELECT * FROM logs'), [
    {
      ...rest,
      time: '2026-08-02T10:23:00.123456789Z',
      observed_time: '2026-08-02T10:23:00.123456790Z',
      severity_number: 9,
      severity_text: 'INFO',
      body: 'it’s\nfine',
      attributes: '{"a":[1]}',
      trace_id: 'ab',
      span_id: 'cd',
    },
    { ...empty, ...rest, time: '2026-08-02T10:23:00.123456789Z', body: '{"event":"start"}' },
  ])
})

test('an alert that fires and one that is resolved are rows of `alerts`', async (t) => {
  const { path, send } = await exporterTo(t)
  const firing = {
    id: 'a',
    name: 'Full',
    severity: 'major' as const,
    status: 'firing' as const,
    startsAtMs: timeMs,
    labels: { disk: 'sda' },
  }
  const resolved = { ...firing, status: 'resolved' as const, endsAtMs: timeMs + 1000, annotations: { summary: 'gone' } }
  assert.deepEqual(await send({ signal: 'alerts', alerts: [firing, resolved] }), ok)
  const row = { starts_at: time, id: 'a', name: 'Full', severity: 'major', labels: '{"disk":"sda"}' }
  assert.deepEqual(rowsOf(path, 'SELECT * FROM alerts'), [
    { ...row, ends_at: null, status: 'firing', annotations: null },
    { ...row, ends_at: '2026-08-02T10:23:01.000000Z', status: 'resolved', annotations: '{"summary":"gone"}' },
  ])
})

test('rows are rows of the table that they name', async (t) => {
  const { path, send } = await exporterTo(t)
  const table = {
    name: 'cost allocations',
    columns: [
      { name: 'pod', type: 'string' },
      { name: 'bytes', type: 'int' },
      { name: 'cost', type: 'real' },
      { name: 'idle', type: 'bool' },
      { name: 'start', type: 'datetime' },
      { name: 'labels', type: 'json' },
    ] as const,
  }
  const rows = [
    ['a', 2n ** 63n - 1n, 0.25, true, timeMs, { app: 'x' }],
    [null, null, null, null, null, null],
    ['b', 7, Number.NaN, false, timeMs + 0.5, ['y', Number.NaN]],
  ]
  assert.deepEqual(await send({ signal: 'rows', table, rows }), ok)
  assert.deepEqual(
    rowsOf(path, 'SELECT * FROM "cost allocations"').map((row) => Object.values(row)),
    [
      ['a', 2n ** 63n - 1n, 0.25, 1, time, '{"app":"x"}'],
      [null, null, null, null, null, null],
      ['b', 7, null, 0, '2026-08-02T10:23:00.000500Z', '["y","NaN"]'],
    ],
  )
})
