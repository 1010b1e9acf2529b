import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { stopping } from '../../http/server.fixture.ts'
import { ok } from '../../sdk.ts'
import { startHttpCollector } from './collector.fixture.ts'
import { settingsFrom } from './environment.ts'
import { OtlpExporter } from './otlp.ts'
import { context, now, points } from './records.fixture.ts'

const prefixed = (variables: Record<string, string>) =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [`OTEL_EXPORTER_OTLP_${name}`, value]))

function setVariables(t: TestContext, variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(prefixed(variables))) {
    const { [name]: before } = process.env
    process.env[name] = value
    t.after(() => {
      if (before === undefined) delete process.env[name]
      else process.env[name] = before
    })
  }
}

test('what the variables say', () => {
  const variables = {
    ENDPOINT: 'https://c:4318',
    PROTOCOL: 'http/json',
    METRICS_ENDPOINT: 'http://m/in',
    METRICS_PROTOCOL: 'grpc',
    HEADERS: 'api-key=a%20b, x = y=z ,,',
    COMPRESSION: 'gzip',
    TIMEOUT: '10000',
    CERTIFICATE: '/ca.pem',
    CLIENT_KEY: '/key.pem',
    TRACES_ENDPOINT: ' ',
  }
  assert.deepEqual(settingsFrom(prefixed(variables)), {
    endpoint: 'https://c:4318',
    protocol: 'http/json',
    metricsEndpoint: 'http://m/in',
    metricsProtocol: 'grpc',
    compression: 'gzip',
    timeout: 10_000,
    headers: { 'api-key': 'a b', x: 'y=z' },
    tls: { ca: '/ca.pem', key: '/key.pem' },
  })
})

test('an address without a scheme is one of TLS, unless INSECURE says otherwise', () => {
  assert.equal(settingsFrom(prefixed({ ENDPOINT: 'c:4317' })).endpoint, 'https://c:4317')
  assert.equal(settingsFrom(prefixed({ ENDPOINT: 'c:4317', INSECURE: 'TRUE' })).endpoint, 'http://c:4317')
})

test('a variable that would be passed over is an error', () => {
  assert.throws(() => settingsFrom(prefixed({ TRACES_HEADERS: 'a=b' })), {
    code: 'INVALID_OPTION',
    message: /OTEL_EXPORTER_OTLP_TRACES_HEADERS is set/,
    hint: 'give the traces an exporter of their own',
  })
})

test('the variables count where nothing else is said, and only when they are asked for', async (t) => {
  const collector = await startHttpCollector(t)
  setVariables(t, { ENDPOINT: collector.url, PROTOCOL: 'http/json', HEADERS: 'key=hidden,other=o' })
  const exporter = stopping(t, new OtlpExporter({ environment: true, protocol: 'http/protobuf', headers: { key: 'mine' } }))
  assert.deepEqual(await exporter.export(now, points, context), ok)
  const { headers } = collector.taken[0]!
  assert.deepEqual([headers['content-type'], headers.key, headers.other], ['application/x-protobuf', 'mine', 'o'])
  assert.equal(new OtlpExporter({}).destination, 'http://localhost:4318/')
})

test('a variable that cannot be used is told like an option, without its value', (t) => {
  setVariables(t, { TIMEOUT: 'soon', HEADERS: 'a=hidden\u0001' })
  assert.throws(
    () => new OtlpExporter({ environment: true }),
    (thrown: Error) => /at timeout/.test(thrown.message) && !thrown.message.includes('hidden'),
  )
})
