import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Context, createContext, type Log, silent } from '../../sdk.ts'
import { type Endpoint, endpointOf } from './endpoints.ts'
import plugin, { OtlpExporter } from './otlp.ts'

const told = ({ protocol, url, path }: Endpoint) => [protocol, url, path]
const method = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

test('where the traces go', () => {
  const cases: [Parameters<typeof endpointOf>[1], unknown[]][] = [
    [{}, ['http/protobuf', 'http://localhost:4318/', '/v1/traces']],
    [{ protocol: 'grpc' }, ['grpc', 'http://localhost:4317', method]],
    [{ endpoint: 'https://c:4318' }, ['http/protobuf', 'https://c:4318/', '/v1/traces']],
    [{ endpoint: 'https://c/otlp' }, ['http/protobuf', 'https://c/otlp', '/v1/traces']],
    [{ endpoint: 'https://c/otlp/v1/metrics' }, ['http/protobuf', 'https://c/otlp', '/v1/traces']],
    [{ endpoint: 'http://c', tracesEndpoint: 'http://d/in?k=v' }, ['http/protobuf', 'http://d/in?k=v', undefined]],
    [{ endpoint: 'http://c', metricsEndpoint: 'http://d/in' }, ['http/protobuf', 'http://c/', '/v1/traces']],
    [{ tracesProtocol: 'grpc', endpoint: 'http://c:4317' }, ['grpc', 'http://c:4317', method]],
    [{ protocol: 'grpc', tracesProtocol: 'http/json', tracesEndpoint: 'http://d/t' }, ['http/json', 'http://d/t', undefined]],
  ]
  for (const [settings, expected] of cases) assert.deepEqual(told(endpointOf('traces', settings)), expected)
})

test("003-18 F5 the address of Jaeger's own collector is accepted, with a warning that says what to use", async () => {
  const cases: [Parameters<typeof endpointOf>[1], unknown[]][] = [
    [{ endpoint: 'http://jaeger:14268/api/traces' }, ['http/protobuf', 'http://jaeger:4318/', '/v1/traces']],
    [{ endpoint: 'http://jaeger:14268' }, ['http/protobuf', 'http://jaeger:4318/', '/v1/traces']],
    [{ endpoint: 'https://jaeger/api/traces', protocol: 'grpc' }, ['grpc', 'https://jaeger:4317', method]],
    [{ tracesEndpoint: 'http://jaeger:14268/api/traces' }, ['http/protobuf', 'http://jaeger:4318/', '/v1/traces']],
  ]
  for (const [settings, expected] of cases) {
    assert.deepEqual(told(endpointOf('traces', settings)), expected)
    assert.match(
      endpointOf('traces', settings).warning!,
      /Jaeger's own clients .* not OTLP: sending to .* instead; set (traces_)?endpoint to that$/,
    )
  }
  const warnings: string[] = []
  const log: Log = { ...silent, warn: (message) => warnings.push(message) }
  const exporter = new OtlpExporter({ endpoint: 'http://jaeger:14268/api/traces' })
  const context: Context = createContext({ log })
  await exporter.start(context)
  assert.deepEqual(warnings, [
    "http://jaeger:14268/api/traces takes spans as Jaeger's own clients send them, not OTLP: sending to http://jaeger:4318 instead; set endpoint to that",
  ])
  assert.equal(exporter.destination, 'http://jaeger:4318/')
  await exporter.stop(context)
})

test('F5 every option of the seed is one, under the names of a configuration', () => {
  const { shape } = plugin.config as unknown as { shape: Record<string, { meta(): { aliases?: object } | undefined }> }
  const names = ['metricsEndpoint', 'metricsProtocol', 'serviceName', 'serviceVersion', 'serviceNamespace', 'resourceAttributes']
  for (const name of [...names, 'spanNamePrefix', 'createChildSpans', 'traceSampler', 'traceSampleRate']) assert.ok(shape[name], name)
  assert.deepEqual([shape.endpoint!.meta()?.aliases, shape.protocol!.meta()?.aliases], [{ otlp_endpoint: null }, { otlp_protocol: null }])
})

test('options that cannot be used are refused with their names', () => {
  const refused: [ConstructorParameters<typeof OtlpExporter>[0], RegExp][] = [
    [{ endpoint: 'collector:4318' }, /at endpoint/],
    [{ endpoint: 'http://me:secret@c' }, /must hold no user name and password/],
    [{ protocol: 'grpc', proxy: 'http://p:3128' }, /is not for gRPC/],
    [{ tracesProtocol: 'grpc', proxy: 'http://p:3128' }, /is not for gRPC/],
    [{ protocol: 'thrift' as never }, /at protocol/],
    [{ traceSampleRate: 1.5 }, /at traceSampleRate/],
    [{ headers: { 'content-encoding': 'br' } }, /is set by the exporter/],
  ]
  for (const [options, told] of refused)
    assert.throws(
      () => new OtlpExporter(options),
      (thrown: Error) => told.test(thrown.message) && !thrown.message.includes('secret'),
    )
})
