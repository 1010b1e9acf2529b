import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '../files/temporary-folder.fixture.ts'
import { startProfiling } from './start-profiling.ts'

/** A server that takes everything, and what it was sent. */
async function destination(t: TestContext) {
  const received: { method: string; path: string; authorization: string | undefined; body: Buffer }[] = []
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request
    received.push({ method: method!, path: url!, authorization: headers.authorization, body: await buffer(request) })
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close().closeAllConnections())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

test('003-54 F19 the variables of a Compose file: metrics to a Pushgateway and to OTLP, traces to OTLP alone', async (t) => {
  const [gateway, collector] = [await destination(t), await destination(t)]
  const profiling = await startProfiling({
    env: {
      PROFILING_PROMETHEUS_PUSHGATEWAY_URL: gateway.url,
      PROFILING_DATADOG_API_KEY: '',
      PROFILING_OTEL_ENDPOINT: collector.url,
      PROFILING_SAMPLE_RATE: '1',
    },
  })
  t.after(() => profiling!.stop())
  assert.deepEqual([...profiling!.exporters.keys()], ['prometheus', 'otel'])
  profiling!.profiler.trace('work', () => {})
  const { metrics, traces } = await profiling!.exportNow()
  assert.deepEqual([metrics.status, traces.status], ['ok', 'ok'])
  await profiling!.stop()
  assert.ok(gateway.received.some(({ path, body }) => path.startsWith('/metrics/job/') && body.length > 0))
  assert.deepEqual(new Set(gateway.received.map(({ method }) => method)).difference(new Set(['PUT', 'POST', 'DELETE', 'GET'])), new Set())
  assert.deepEqual([...new Set(collector.received.map(({ path }) => path))].sort(), ['/v1/metrics', '/v1/traces'])
})

test('003-52 a file of exporters, with a key from a mounted secret', async (t) => {
  const api = await destination(t)
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'api-token'), 's3cret\n')
  const file = join(folder, 'exporters.yaml')
  writeFileSync(
    file,
    `
exporters:
  - name: api
    type: http
    config: { endpoint: "${api.url}/in", auth: { type: bearer, token: "\${API_TOKEN}" } }
`,
  )
  const env = { PROFILING_EXPORTERS_CONFIG: file, PROFILING_SECRETS_DIRECTORY: folder, API_TOKEN: 's3cret' }
  const profiling = await startProfiling({ env })
  await profiling!.exportNow()
  await profiling!.stop()
  assert.deepEqual(new Set(api.received.map(({ path, authorization }) => `${path} ${authorization}`)), new Set(['/in Bearer s3cret']))
})

test('what is wrong with a setting is told with its place, and never with a secret', async () => {
  await assert.rejects(
    startProfiling({ env: { PROFILING_OTEL_ENDPOINT: 'jaeger:14268' } }),
    ({ code, message }: { code: string; message: string }) =>
      code === 'INVALID_CONFIG' && /exporters\.otel\.config\.endpoint/.test(message),
  )
  const env = { PROFILING_EXPORTERS_CONFIG: 'exporters.yaml' }
  const config = { type: 'http', config: { endpoint: 'http://localhost', api_key: 'hidden' } }
  await assert.rejects(startProfiling({ env, readFile: () => JSON.stringify({ exporters: [config] }) }), (error: Error) => {
    assert.match(error.message, /api_key/)
    assert.doesNotMatch(error.message, /hidden/)
    return true
  })
  await assert.rejects(startProfiling({ env, readFile: () => 'exporters: [ { type: htpp } ]' }), /no exporter of type htpp/)
  assert.equal(await startProfiling({ env: {} }), undefined)
})
