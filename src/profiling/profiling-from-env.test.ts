import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Secret } from '../core/secret.ts'
import { profilingFromEnv } from './profiling-from-env.ts'

const settings = (env: Record<string, string>, read?: (path: string) => unknown) => profilingFromEnv({ env, ...(read && { read }) })
const names = (env: Record<string, string>, read?: (path: string) => unknown) => settings(env, read).exporters.map(({ name }) => name)

test('003-54 F19 the variables of a Compose file stand for exporters, and switch profiling on', () => {
  const { enabled, exporters } = settings({
    PROFILING_PROMETHEUS_PUSHGATEWAY_URL: 'http://prometheus-pushgateway:9091',
    PROFILING_DATADOG_API_KEY: 'k3y',
    PROFILING_OTEL_ENDPOINT: 'http://jaeger:14268/api/traces',
  })
  assert.equal(enabled, true)
  const [, datadog] = exporters
  assert.deepEqual(
    exporters.map(({ name, type, config }) => [name, type, JSON.stringify(config)]),
    [
      ['prometheus', 'prometheus', '{"pushgateway_url":"http://prometheus-pushgateway:9091"}'],
      ['datadog', 'datadog', '{"api_key":"[redacted]"}'],
      ['otel', 'otlp', '{"endpoint":"http://jaeger:14268/api/traces"}'],
    ],
  )
  assert.equal((datadog!.config.api_key as Secret).reveal(), 'k3y')
  assert.deepEqual(names({ PROFILING_DATADOG_API_KEY: '' }), [])
})

test('F19 PROVIDE_PROFILING_ is understood as well, and PROFILING_ wins', () => {
  const provided = {
    PROVIDE_PROFILING_ENABLED: 'yes',
    PROVIDE_PROFILING_SAMPLE_RATE: '0.5',
    PROVIDE_PROFILING_TRACK_MEMORY: 'on',
    PROVIDE_PROFILING_BUFFER_SIZE: '10',
    PROVIDE_PROFILING_FLUSH_INTERVAL_SECONDS: '5',
    PROVIDE_PROFILING_PROMETHEUS_PUSHGATEWAY_URL: 'http://provided',
  }
  const { exporters, ...others } = settings({
    ...provided,
    PROFILING_SAMPLE_RATE: '0.25',
    PROFILING_PROMETHEUS_PUSHGATEWAY_URL: 'http://own',
  })
  assert.deepEqual(others, {
    enabled: true,
    sampleRate: 0.25,
    bufferSize: 10,
    flushIntervalMs: 5000,
    trackMemory: true,
    exportersConfig: undefined,
  })
  assert.deepEqual(exporters[0]!.config, { pushgateway_url: 'http://own' })
})

test('F19 with nothing set: the defaults, not enabled', () => {
  assert.deepEqual(settings({}), {
    enabled: false,
    sampleRate: 0.01,
    bufferSize: 1000,
    flushIntervalMs: 30_000,
    trackMemory: false,
    exportersConfig: undefined,
    exporters: [],
  })
  assert.equal(settings({ PROFILING_ENABLED: 'off', PROFILING_DATADOG_API_KEY: 'k' }).enabled, false)
})

test('003-50 003-52 F18 the file of PROFILING_EXPORTERS_CONFIG, whose exporters go before those of the variables', () => {
  const env = { PROFILING_EXPORTERS_CONFIG: '/etc/profiling/exporters.yaml', PROFILING_PROMETHEUS_PUSHGATEWAY_URL: 'http://variable' }
  const paths: string[] = []
  const { enabled, exportersConfig, exporters } = settings(env, (path) => {
    paths.push(path)
    return {
      exporters: [
        { name: 'file', type: 'file' },
        { name: 'prometheus', type: 'prometheus', config: { pushgateway_url: 'http://file' } },
      ],
    }
  })
  assert.deepEqual([enabled, exportersConfig, paths], [true, '/etc/profiling/exporters.yaml', ['/etc/profiling/exporters.yaml']])
  assert.deepEqual(exporters, [
    { name: 'file', type: 'file', config: {} },
    { name: 'prometheus', type: 'prometheus', config: { pushgateway_url: 'http://file' } },
  ])
  assert.deepEqual(settings(env).exportersConfig, '/etc/profiling/exporters.yaml')
})

test('F18 F19 the directory of secrets can be set', () => {
  const env = { PROFILING_EXPORTERS_CONFIG: 'x', PROFILING_SECRETS_DIRECTORY: '/run/mounted' }
  const read = () => ({ exporters: [{ type: 'a', config: { api_key_secret: 'mine' } }] })
  const { exporters } = profilingFromEnv({ env, read, readFile: (path) => `content of ${path}` })
  assert.equal((exporters[0]!.config.api_key as Secret).reveal(), 'content of /run/mounted/mine')
})

test('F19 EXPORTERS names those to use; one whose variable is missing is an error that names it', () => {
  const both = { PROFILING_DATADOG_API_KEY: 'k', PROFILING_OTEL_ENDPOINT: 'http://otel' }
  assert.deepEqual(names({ ...both, PROVIDE_PROFILING_EXPORTERS: 'otel, console' }), ['otel', 'console'])
  assert.throws(() => names({ ...both, PROVIDE_PROFILING_EXPORTERS: 'prometheus' }), {
    code: 'CONFIG_UNDEFINED_VARIABLE',
    message: 'PROVIDE_PROFILING_EXPORTERS names prometheus, and PROFILING_PROMETHEUS_PUSHGATEWAY_URL is not set',
  })
})

test('F19 a wrong value is an error that names the variable', () => {
  for (const [name, value] of [
    ['PROFILING_SAMPLE_RATE', '1.5'],
    ['PROVIDE_PROFILING_SAMPLE_RATE', 'often'],
    ['PROFILING_BUFFER_SIZE', '0'],
    ['PROFILING_FLUSH_INTERVAL_SECONDS', 'soon'],
  ] as const)
    assert.throws(() => settings({ [name]: value }), {
      code: 'INVALID_OPTION',
      message: new RegExp(`^the environment variable ${name} is not`),
    })
})
