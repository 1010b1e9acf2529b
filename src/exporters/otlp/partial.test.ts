import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stopping } from '../../http/server.fixture.ts'
import { createContext, type Log, ok, silent } from '../../sdk.ts'
import { answerGrpc, startGrpcCollector, startHttpCollector } from './collector.fixture.ts'
import { OtlpExporter } from './otlp.ts'
import { context, logs, now, points, span, traces } from './records.fixture.ts'

const starts = { 'http/protobuf': startHttpCollector, 'http/json': startHttpCollector, grpc: startGrpcCollector }

for (const protocol of ['http/protobuf', 'http/json', 'grpc'] as const) {
  test(`${protocol}: a partial success tells how many were refused, and not which`, async (t) => {
    const collector = await starts[protocol](t)
    const exporter = stopping(t, new OtlpExporter({ endpoint: collector.url, protocol, headers: { key: 'hidden-key' } }))
    collector.answer = { rejected: 2, message: 'too old, says hidden-key' }
    for (const batch of [points, traces(span('1'), span('2')), { ...logs, records: [logs.records[0]!, logs.records[0]!] }]) {
      const result = await exporter.export(now, batch, context)
      assert.ok(result.status === 'partial' && result.retry.length === 0)
      const [rejection, ...more] = result.rejected
      assert.ok(rejection && 'count' in rejection && rejection.count === 2 && more.length === 0)
      assert.match(rejection.error.message, /^http:\/\/127\.0\.0\.1:\d+\/? refused 2 of the records: too old, says \[redacted\]$/)
    }
    assert.deepEqual(exporter.health(), { state: 'healthy' })
  })

  test(`${protocol}: no more are refused than were sent`, async (t) => {
    const collector = await starts[protocol](t)
    const exporter = stopping(t, new OtlpExporter({ endpoint: collector.url, protocol }))
    collector.answer = { rejected: 50 }
    const early = { ...points.points[0]!, timeMs: -1 }
    const result = await exporter.export(now, { signal: 'metrics', points: [early, ...points.points] }, context)
    assert.ok(result.status === 'partial')
    assert.deepEqual(
      result.rejected.map((rejection) => ('index' in rejection ? `at ${rejection.index}` : rejection.count)),
      ['at 0', 3],
    )
  })

  test(`${protocol}: a warning to a full success is logged`, async (t) => {
    const collector = await starts[protocol](t)
    const exporter = stopping(t, new OtlpExporter({ endpoint: collector.url, protocol }))
    collector.answer = { message: 'deprecated soon' }
    const warnings: unknown[] = []
    const log: Log = { ...silent, warn: (message, fields) => warnings.push([message, fields]) }
    assert.deepEqual(await exporter.export(now, points, createContext({ log })), ok)
    assert.deepEqual(warnings, [['the server took all, and says', { exporter: 'otlp', message: 'deprecated soon' }]])
  })
}

test('an answer that cannot be read counts by its status', async (t) => {
  const http = await startHttpCollector(t)
  http.answerInstead = (to) => Boolean('writeHead' in to && to.writeHead(200, { 'content-type': 'application/x-protobuf' }).end('OK'))
  const grpc = await startGrpcCollector(t)
  grpc.answerInstead = (to) => {
    if ('respond' in to) answerGrpc(to, { message: Buffer.from('ff', 'hex') })
    return true
  }
  for (const options of [{ endpoint: http.url }, { endpoint: grpc.url, protocol: 'grpc' }] as const)
    assert.deepEqual(await stopping(t, new OtlpExporter(options)).export(now, points, context), ok)
})
