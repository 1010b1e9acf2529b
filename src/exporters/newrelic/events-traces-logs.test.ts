import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stopping } from '../../http/server.fixture.ts'
import { type Alert, createContext, type LogRecord, metrics, ok, type Point, resource, type Span, series } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { startNewRelic } from './newrelic.fixture.ts'
import { NewRelicExporter, type NewRelicExporterOptions } from './newrelic.ts'

const nowMs = Date.UTC(2026, 7, 2, 10)
const nowNs = BigInt(nowMs) * 1_000_000n
const hourMs = 3_600_000
const context = createContext({ clock: new ManualClock(nowMs) })
const time = new Date(0)
const origin = resource({ 'host.name': 'web-1', 'service.name': 'shop' })

async function started(t: Parameters<typeof startNewRelic>[0], options: NewRelicExporterOptions = {}) {
  const server = await startNewRelic(t)
  const exporter = stopping(t, new NewRelicExporter({ ...server.options, ...options }))
  return { server, exporter, send: (...points: readonly Point[]) => exporter.export(time, metrics(points), context) }
}

type Server = Awaited<ReturnType<typeof startNewRelic>>
const metricsOf = (server: Server) =>
  server.taken.flatMap(({ body }) => (body as { metrics?: object[] }[]).flatMap(({ metrics = [] }) => metrics))

const point = (name: string, value: number): Point => ({ series: series(name), timeMs: nowMs, value })

const profile = { messages_per_second: 120.5, avg_latency_ms: 3.5, error_rate: 0.01 }
const types = {
  ProfileMetrics: { attributes: ['messages_per_second', 'avg_latency_ms'] },
  ProfileTrace: { attributes: ['function_name', 'execution_time_ms'] },
}
const span = (more: Partial<Span> = {}): Span => ({
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  name: 'load',
  startTimeNs: nowNs,
  endTimeNs: nowNs + 2_500_000n,
  ...more,
})

test('F7 003-23: event types make events of metrics and of spans, with the number of the account in the address', async (t) => {
  const { server, exporter, send } = await started(t, { eventTypes: types, commonAttributes: { environment: 'production' } })
  assert.deepEqual(await send(...Object.entries(profile).map(([name, value]) => point(name, value))), ok)
  const attributes = { function_name: 'load', execution_time_ms: 2.5, memory_usage_mb: 9 }
  assert.deepEqual(
    await exporter.export(time, { signal: 'traces', spans: [span({ attributes }), span({ spanId: '00f067aa0ba902b8' })] }, context),
    ok,
  )
  const common = { attributes: { environment: 'production' } }
  const { error_rate: _, ...chosen } = profile
  assert.deepEqual(
    server.taken.filter(({ path }) => path.endsWith('events')),
    [
      { path: '/v1/accounts/42/events', body: [{ environment: 'production', ...chosen, timestamp: nowMs, eventType: 'ProfileMetrics' }] },
      {
        path: '/v1/accounts/42/events',
        body: [{ environment: 'production', function_name: 'load', execution_time_ms: 2.5, timestamp: nowMs, eventType: 'ProfileTrace' }],
      },
    ],
  )
  assert.deepEqual(server.taken.at(-1), {
    path: '/trace/v1',
    body: [
      {
        common,
        spans: [
          {
            id: '00f067aa0ba902b7',
            'trace.id': '4bf92f3577b34da6a3ce929d0e0e4736',
            timestamp: nowMs,
            attributes: { ...attributes, 'duration.ms': 2.5, name: 'load' },
          },
          {
            id: '00f067aa0ba902b8',
            'trace.id': '4bf92f3577b34da6a3ce929d0e0e4736',
            timestamp: nowMs,
            attributes: { 'duration.ms': 2.5, name: 'load' },
          },
        ],
      },
    ],
  })
})

test('events that are not taken yet keep the metrics back; events that are refused are told by what they were made of', async (t) => {
  const { server, send } = await started(t, { eventTypes: types })
  const points = Object.entries(profile).map(([name, value]) => point(name, value))
  server.answerInstead = (response) =>
    server.requests.at(-1)!.url.endsWith('events') && Boolean(response.writeHead(429, { 'retry-after': '9' }).end())
  const later = await send(...points)
  assert.deepEqual([later.status, later.status === 'retry' && later.afterMs, server.taken.length], ['retry', 9000, 0])
  server.answerInstead = (response) => server.requests.at(-1)!.url.endsWith('events') && Boolean(response.writeHead(400).end())
  const refused = await send(...points)
  assert.deepEqual(refused.status === 'partial' && refused.rejected.map((rejection) => 'index' in rejection && rejection.index), [0, 1])
  assert.equal(metricsOf(server).length, 3)
})

test('where only some of the events were taken, all comes again, and no span has been sent before', async (t) => {
  const { server, exporter } = await started(t, { eventTypes: { Call: { attributes: ['argument'] } } })
  const spans = Array.from({ length: 600 }, (_, index) => span({ attributes: { argument: String(index).padStart(4000, 'x') } }))
  server.answerInstead = (response) => server.requests.length > 2 && Boolean(response.writeHead(503).end())
  const result = await exporter.export(time, { signal: 'traces', spans }, context)
  assert.deepEqual([result.status, new Set(server.requests.map(({ url }) => url))], ['retry', new Set(['/v1/accounts/42/events'])])
})

test('a span has its kind, parent, error and events', async (t) => {
  const { server, exporter } = await started(t)
  const failed = span({
    kind: 'client',
    parentSpanId: 'ffffffffffffffff',
    status: { code: 'error' },
    events: [{ timeNs: nowNs, name: 'exception', attributes: { 'exception.message': 'gone' } }],
    resource: origin,
    attributes: { tags: ['a'], big: 2n ** 60n, none: null },
  })
  assert.deepEqual(await exporter.export(time, { signal: 'traces', spans: [failed] }, context), ok)
  const [{ spans }] = server.taken[0]!.body as [{ spans: { attributes: object }[] }]
  assert.deepEqual(spans[0]!.attributes, {
    'host.name': 'web-1',
    'service.name': 'shop',
    tags: '["a"]',
    big: '1152921504606846976',
    'span.events': `[{"timestamp":${nowMs},"name":"exception","attributes":{"exception.message":"gone"}}]`,
    'span.kind': 'client',
    'error.message': 'gone',
    'otel.status_code': 'ERROR',
    'duration.ms': 2.5,
    name: 'load',
    'parent.id': 'ffffffffffffffff',
  })
})

test('a log record has message, level and the trace that it belongs to; one that is too old is rejected', async (t) => {
  const { server, exporter } = await started(t)
  const log = (more: Partial<LogRecord>): LogRecord => ({ timeNs: nowNs, body: 'hello', ...more })
  const records = [
    log({ severityNumber: 17, traceId: 'a', spanId: 'b', resource: origin, attributes: { long: 'x'.repeat(5000) } }),
    log({ timeNs: nowNs - 48n * 3_600_000_000_000n - 1_000_000n }),
    log({ body: { a: 1 }, severityText: 'Notice' }),
  ]
  const result = await exporter.export(time, { signal: 'logs', records }, context)
  assert.deepEqual(result.status === 'partial' && result.rejected.map((rejection) => 'index' in rejection && rejection.index), [1])
  assert.deepEqual(server.taken[0]!.body, [
    {
      logs: [
        {
          timestamp: nowMs,
          message: 'hello',
          attributes: {
            'host.name': 'web-1',
            'service.name': 'shop',
            long: 'x'.repeat(5000),
            level: 'error',
            'trace.id': 'a',
            'span.id': 'b',
          },
        },
        { timestamp: nowMs, message: '{"a":1}', attributes: { level: 'Notice' } },
      ],
    },
  ])
})

test('alerts are events of the type WaybillAlert, for which an account is needed', async (t) => {
  const { server, exporter } = await started(t)
  const alert: Alert = {
    id: 'disk-3',
    name: 'DiskFull',
    severity: 'major',
    status: 'firing',
    startsAtMs: nowMs - 1000,
    labels: { host: 'web-1' },
    annotations: { summary: 'full' },
  }
  const alerts = [
    alert,
    { ...alert, status: 'resolved', endsAtMs: nowMs } as const,
    { ...alert, startsAtMs: nowMs - 24 * hourMs - 1 },
    { ...alert, annotations: { long: 'x'.repeat(4097) } },
  ]
  const result = await exporter.export(time, { signal: 'alerts', alerts }, context)
  assert.deepEqual(result.status === 'partial' && result.rejected.map((rejection) => 'index' in rejection && rejection.index), [2, 3])
  const event = {
    summary: 'full',
    host: 'web-1',
    alertId: 'disk-3',
    alertName: 'DiskFull',
    severity: 'major',
    startsAt: nowMs - 1000,
    eventType: 'WaybillAlert',
  }
  assert.deepEqual(server.taken[0]!.body, [
    { ...event, status: 'firing', timestamp: nowMs - 1000 },
    { ...event, status: 'resolved', endsAt: nowMs, timestamp: nowMs },
  ])
  const { accountId: _, ...options } = server.options
  const without = stopping(t, new NewRelicExporter(options))
  const waiting = await without.export(time, { signal: 'alerts', alerts: [alert] }, context)
  assert.deepEqual(waiting.status === 'retry' && [waiting.scope, waiting.error.message], [
    'destination',
    'New Relic takes events only for an account: give account_id, or set NEW_RELIC_ACCOUNT_ID',
  ])
})
