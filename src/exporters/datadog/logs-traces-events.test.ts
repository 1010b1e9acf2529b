import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stopping } from '../../http/server.fixture.ts'
import { type Alert, createContext, type LogRecord, ok, resource, type Span, scope } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { apiKey, startDatadog } from './datadog.fixture.ts'
import { DatadogExporter, type DatadogExporterOptions } from './datadog.ts'

const nowMs = Date.UTC(2026, 7, 2, 10)
const nowNs = BigInt(nowMs) * 1_000_000n
const context = createContext({ clock: new ManualClock(nowMs) })
const time = new Date(0)
const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
const origin = resource({ 'host.name': 'web-1', 'service.name': 'shop', 'deployment.environment.name': 'prod', 'os.type': 'linux' })

async function started(t: Parameters<typeof startDatadog>[0], options: DatadogExporterOptions = {}) {
  const server = await startDatadog(t)
  return { server, exporter: stopping(t, new DatadogExporter({ url: server.url, apiKey, ...options })) }
}

const log = (more: Partial<LogRecord> = {}): LogRecord => ({ timeNs: nowNs + 5_000_000n, body: 'hello', ...more })

test('003-20: a log record has message, time, status, origin, tags and the trace that it belongs to', async (t) => {
  const { server, exporter } = await started(t, { tags: ['team:a'], apmConfig: { service: 'other', version: '1.0' } })
  const attributes = { message: 'not this', 'http.method': 'GET', big: 2n ** 60n }
  const records = [
    log({ severityNumber: 17, attributes, traceId, spanId, resource: origin, scope: scope('lib') }),
    log({ body: { a: [1, Number.NaN] }, severityText: 'Notice' }),
  ]
  assert.deepEqual(await exporter.export(time, { signal: 'logs', records }, context), ok)
  assert.deepEqual(server.taken, [
    {
      path: '/api/v2/logs',
      body: [
        {
          'os.type': 'linux',
          'otel.scope.name': 'lib',
          'http.method': 'GET',
          big: '1152921504606846976',
          'otel.trace_id': traceId,
          'dd.trace_id': String(0xa3ce929d0e0e4736n),
          'otel.span_id': spanId,
          'dd.span_id': String(0x00f067aa0ba902b7n),
          message: 'hello',
          ddsource: 'waybill',
          ddtags: 'service:shop,env:prod,version:1.0,team:a',
          hostname: 'web-1',
          service: 'shop',
          status: 'error',
          timestamp: nowMs + 5,
        },
        {
          body: { a: [1, 'NaN'] },
          message: '{"a":[1,"NaN"]}',
          ddsource: 'waybill',
          ddtags: 'service:other,version:1.0,team:a',
          service: 'other',
          status: 'Notice',
          timestamp: nowMs + 5,
        },
      ],
    },
  ])
})

test('log records are sent a thousand at a time, 5 MB at most; what is too large or too old is rejected', async (t) => {
  const { server, exporter } = await started(t)
  const large = 'x'.repeat(900_000)
  const records = [
    ...Array.from({ length: 2001 }, (_, index) => log({ body: String(index) })),
    ...Array.from({ length: 6 }, () => log({ body: large })),
    log({ body: 'x'.repeat(5_000_000) }),
    log({ timeNs: nowNs - 18n * 3_600_000_000_000n - 1_000_000n }),
  ]
  const result = await exporter.export(time, { signal: 'logs', records }, context)
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [2008, 2007],
  )
  const lengths = server.taken.map(({ body }) => (body as unknown[]).length)
  assert.deepEqual(lengths, [1000, 1000, 6, 1])
})

const span = (more: Partial<Span> = {}): Span => ({
  traceId,
  spanId,
  name: 'GET /cart',
  startTimeNs: nowNs,
  endTimeNs: nowNs + 1500n,
  ...more,
})

test('003-20: spans are sent by trace and resource, with origin, kind, error, events and links', async (t) => {
  const { server, exporter } = await started(t, { apmConfig: { service: 'api', env: 'dev', version: '2' }, tags: ['team:a'] })
  const child = span({
    spanId: '00f067aa0ba902b8',
    parentSpanId: spanId,
    kind: 'client',
    name: 'ask',
    attributes: { 'db.system': 'postgresql', 'db.statement': 'SELECT 1', rows: 3, flags: [true] },
    status: { code: 'error', message: 'no' },
    events: [{ timeNs: nowNs, name: 'exception', attributes: { 'exception.type': 'Timeout', 'exception.stacktrace': 'at x' } }],
    links: [{ traceId, spanId, traceState: 'a=1', attributes: { why: 'batch' } }],
    resource: origin,
  })
  const spans = [
    span({ kind: 'server', attributes: { 'http.request.method': 'GET', 'http.route': '/cart' }, resource: origin }),
    child,
    span({ spanId: 'ffffffffffffffff' }),
  ]
  assert.deepEqual(await exporter.export(time, { signal: 'traces', spans }, context), ok)
  const tid = traceId.slice(0, 16)
  const ids = { traceID: String(0xa3ce929d0e0e4736n), start: String(nowNs), duration: '1500' }
  const meta = { '_dd.p.tid': tid, 'otel.trace_id': traceId, team: 'a' }
  assert.deepEqual(server.taken, [
    {
      path: '/api/v0.2/traces',
      body: {
        tracerPayloads: [
          {
            env: 'prod',
            hostname: 'web-1',
            appVersion: '2',
            chunks: [
              {
                priority: 1,
                spans: [
                  {
                    service: 'shop',
                    name: 'http.server.request',
                    resource: 'GET /cart',
                    type: 'web',
                    ...ids,
                    spanID: String(BigInt(`0x${spanId}`)),
                    meta: {
                      ...meta,
                      env: 'prod',
                      version: '2',
                      'os.type': 'linux',
                      'http.request.method': 'GET',
                      'http.route': '/cart',
                      'span.name': 'GET /cart',
                      'span.kind': 'server',
                    },
                    metrics: { _top_level: 1 },
                  },
                  {
                    service: 'shop',
                    name: 'postgresql.query',
                    resource: 'SELECT 1',
                    type: 'db',
                    ...ids,
                    spanID: String(0x00f067aa0ba902b8n),
                    parentID: String(BigInt(`0x${spanId}`)),
                    error: 1,
                    meta: {
                      ...meta,
                      env: 'prod',
                      version: '2',
                      'os.type': 'linux',
                      'db.system': 'postgresql',
                      'db.statement': 'SELECT 1',
                      flags: '[true]',
                      'span.name': 'ask',
                      'span.kind': 'client',
                      'otel.status_code': 'error',
                      'error.message': 'no',
                      'error.type': 'Timeout',
                      'error.stack': 'at x',
                      events:
                        '[{"time":"2026-08-02T10:00:00.000000000Z","name":"exception","attributes":{"exception.type":"Timeout","exception.stacktrace":"at x"}}]',
                    },
                    metrics: { rows: 3 },
                    spanLinks: [
                      {
                        traceID: String(0xa3ce929d0e0e4736n),
                        traceIDHigh: String(BigInt(`0x${tid}`)),
                        spanID: String(BigInt(`0x${spanId}`)),
                        tracestate: 'a=1',
                        attributes: { why: 'batch' },
                      },
                    ],
                  },
                ],
              },
            ],
          },
          {
            env: 'dev',
            appVersion: '2',
            chunks: [
              {
                priority: 1,
                spans: [
                  {
                    service: 'api',
                    name: 'internal',
                    resource: 'GET /cart',
                    type: 'custom',
                    ...ids,
                    spanID: String(0xffffffffffffffffn),
                    meta: { ...meta, env: 'dev', version: '2', 'span.name': 'GET /cart' },
                    metrics: { _top_level: 1 },
                  },
                ],
              },
            ],
          },
        ],
      },
    },
  ])
})

test('spans with ids or times that Datadog cannot hold are rejected, the others are sent', async (t) => {
  const { server, exporter } = await started(t)
  const spans = [
    span({ traceId: 'abc' }),
    span({ spanId: 'zzzzzzzzzzzzzzzz' }),
    span(),
    span({ startTimeNs: -1n }),
    span({ endTimeNs: 2n ** 63n }),
  ]
  const result = await exporter.export(time, { signal: 'traces', spans }, context)
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [0, 1, 3, 4],
  )
  assert.equal(server.taken.length, 1)
})

const alert = (more: Partial<Alert> = {}): Alert => ({
  id: 'disk-3',
  name: 'DiskFull',
  severity: 'major',
  status: 'firing',
  startsAtMs: nowMs,
  labels: { host: 'web-1' },
  ...more,
})

test('alerts are events, one request each, that share the id of the alert', async (t) => {
  const { server, exporter } = await started(t, { tags: ['team:a'], apmConfig: { env: 'prod' } })
  const alerts = [
    alert({ annotations: { summary: 'Disk 3 is full', runbook: 'https://wiki' } }),
    alert({ status: 'resolved', endsAtMs: nowMs + 60_000 }),
    alert({ id: 'x'.repeat(101), name: 'n'.repeat(101), severity: 'info', annotations: { description: 'd'.repeat(4001) } }),
    alert({ startsAtMs: nowMs - 18 * 3_600_000 - 1 }),
  ]
  const result = await exporter.export(time, { signal: 'alerts', alerts }, context)
  assert.deepEqual(
    result.status === 'partial' && [result.rejected.length, 'index' in result.rejected[0]! && result.rejected[0].index],
    [1, 3],
  )
  const [fired, ended, long] = server.taken.map(({ body }) => body as Record<string, string | number>)
  const tags = (severity: string, status: string) => ['host:web-1', `severity:${severity}`, `status:${status}`, 'env:prod', 'team:a']
  assert.deepEqual(fired, {
    title: 'DiskFull',
    text: 'Disk 3 is full\nrunbook: https://wiki',
    alert_type: 'error',
    aggregation_key: 'disk-3',
    date_happened: nowMs / 1000,
    priority: 'normal',
    source_type_name: 'waybill',
    host: 'web-1',
    tags: tags('major', 'firing'),
  })
  assert.deepEqual(
    [ended!.title, ended!.text, ended!.alert_type, ended!.aggregation_key, ended!.date_happened],
    ['Resolved: DiskFull', 'DiskFull', 'success', 'disk-3', nowMs / 1000 + 60],
  )
  assert.deepEqual(
    [String(long!.title).length, String(long!.text).length, String(long!.aggregation_key).length, long!.priority],
    [100, 4000, 64, 'low'],
  )
})
