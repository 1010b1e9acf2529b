/** Against the gRPC of Google in place of a server made for these tests. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import grpc from '@grpc/grpc-js'
import { officialRequest, officialResponse } from '../../codecs/otlp/official.fixture.ts'
import { stopping } from '../../http/server.fixture.ts'
import { ok, series } from '../../sdk.ts'
import { OtlpExporter } from './otlp.ts'
import { context, now, points } from './records.fixture.ts'

const path = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export'

/** A server whose method answers with what `answer` gives, or throws. */
async function startServer(
  t: { after(end: () => void): void },
  answer: (request: Record<string, unknown>, metadata: grpc.Metadata) => object,
) {
  const server = new grpc.Server({ 'grpc.max_receive_message_length': 4096 })
  const same = (bytes: Buffer) => bytes
  server.addService(
    {
      Export: {
        path,
        requestStream: false,
        responseStream: false,
        requestDeserialize: same,
        requestSerialize: same,
        responseSerialize: same,
        responseDeserialize: same,
      },
    },
    {
      Export({ request, metadata }: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) {
        try {
          done(null, Buffer.from(officialResponse('metrics', answer(officialRequest('metrics', request), metadata))))
        } catch (thrown) {
          done(thrown as grpc.ServiceError)
        }
      },
    },
  )
  t.after(() => server.forceShutdown())
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))),
  )
  return `http://127.0.0.1:${port}`
}

for (const compression of ['none', 'gzip'] as const)
  test(`grpc-js takes what is sent, ${compression === 'none' ? 'not compressed' : 'with gzip'}`, async (t) => {
    const requests: Record<string, unknown>[] = []
    const keys: unknown[] = []
    const endpoint = await startServer(t, (request, metadata) => {
      requests.push(request)
      keys.push(...metadata.get('api-key'))
      return {}
    })
    const exporter = stopping(t, new OtlpExporter({ endpoint, protocol: 'grpc', compression, headers: { 'API-Key': 'k' } }))
    assert.deepEqual(await exporter.export(now, points, context), ok)
    assert.deepEqual(await exporter.export(now, points, context), ok)
    assert.equal(requests.length, 2)
    assert.match(JSON.stringify(requests[0]), /"name":"cpu","unit":"1","gauge":\{"dataPoints":\[\{.*"asDouble":0.5/)
    assert.deepEqual(keys, ['k', 'k'])
  })

test('grpc-js refuses some, all, and what is too large', async (t) => {
  const answers: (() => object)[] = [
    () => ({ partialSuccess: { rejectedDataPoints: 2, errorMessage: 'old' } }),
    () => {
      throw { code: grpc.status.UNAUTHENTICATED, details: 'who are you? ü' }
    },
  ]
  const endpoint = await startServer(t, () => answers.shift()!())
  const exporter = stopping(t, new OtlpExporter({ endpoint, protocol: 'grpc', compression: 'none' }))
  const some = await exporter.export(now, points, context)
  assert.ok(some.status === 'partial' && 'count' in some.rejected[0]! && some.rejected[0].count === 2)
  const all = await exporter.export(now, points, context)
  assert.ok(all.status === 'retry' && all.scope === 'destination')
  assert.match(all.error.message, /answered UNAUTHENTICATED: who are you\? ü; check the credentials in headers$/)
  const many = Array.from({ length: 200 }, (_, n) => ({ series: series('much', { n: `${n}` }), timeMs: now.getTime(), value: n }))
  assert.equal((await exporter.export(now, { signal: 'metrics', points: many }, context)).status, 'too-large')
})
