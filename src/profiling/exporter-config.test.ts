import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { AuthConfig } from './auth-config.ts'
import { ExporterConfig } from './exporter-config.ts'
import { RetryConfig } from './retry-config.ts'

const endpoint = 'https://api.monitoring.example/v1/metrics'

test('003-04 F3 explicit, with its defaults', () => {
  const { auth, retryConfig, ...rest } = new ExporterConfig({ name: 'production', endpoint })
  assert.deepEqual(rest, { name: 'production', endpoint, batchSize: 100, flushIntervalMs: 30_000, compression: 'gzip', format: 'json' })
  assert.equal(auth.type, 'none')
  assert.equal(retryConfig.maxRetries, 3)
})

test('003-04 F3 explicit, every setting, in either spelling', () => {
  const auth = new AuthConfig({ type: 'api_key', apiKey: 'k' })
  const retryConfig = new RetryConfig({ maxRetries: 1 })
  const camel = new ExporterConfig({
    name: 'a',
    endpoint,
    auth,
    batchSize: 5,
    flushInterval: '2s',
    retryConfig,
    compression: 'none',
    format: 'csv',
  })
  const snake = new ExporterConfig({
    name: 'a',
    endpoint,
    auth: { type: 'api_key', api_key: 'k' },
    batch_size: 5,
    flush_interval_seconds: 2,
    retry_config: { max_retries: 1 },
    compression: 'none',
    format: 'csv',
  })
  assert.deepEqual(snake.toEnv('A', { reveal: true }), camel.toEnv('A', { reveal: true }))
  assert.deepEqual([camel.batchSize, camel.flushIntervalMs, camel.compression, camel.format, camel.auth], [5, 2000, 'none', 'csv', auth])
})

test('003-04 what cannot be used is refused', () => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [{}, /needs a name/],
    [{ name: 'a', endpoint: 'somewhere' }, /endpoint of a is no address/],
    [{ name: 'a', endpoint: 'https://ada:pw@x.example' }, /user name or password/],
    [{ name: 'a', compression: 'rar' }, /compression is rar/],
    [{ name: 'a', batchSize: 0 }, /batchSize is 0/],
    [{ name: 'a', batch: 1 }, /an exporter has no setting "batch"/],
  ]
  for (const [given, message] of cases) assert.throws(() => new ExporterConfig({ ...given }), { code: 'INVALID_OPTION', message })
  assert.throws(() => new ExporterConfig({ name: 'a', flushInterval: 'soon' }), { code: 'INVALID_DURATION' })
})

test('003-05 F3 from the environment', () => {
  const env = {
    PROFILING_EXPORTER_ENDPOINT: endpoint,
    PROFILING_EXPORTER_API_KEY: 'k',
    PROFILING_EXPORTER_BATCH_SIZE: '50',
    PROFILING_EXPORTER_FLUSH_INTERVAL_SECONDS: '5',
    PROFILING_EXPORTER_HEADERS: 'X-Source=shop, X-Team=platform',
    PROFILING_EXPORTER_RETRY_ON_STATUS_CODES: '429,503',
    PROFILING_EXPORTER_JITTER: 'off',
  }
  const config = ExporterConfig.fromEnv('PROFILING_EXPORTER', { required: ['endpoint', 'api_key'], env })
  assert.deepEqual([config.name, config.endpoint, config.batchSize, config.flushIntervalMs], ['profiling_exporter', endpoint, 50, 5000])
  assert.deepEqual(config.auth.toHeaders(), { 'X-Source': 'shop', 'X-Team': 'platform', 'X-API-Key': 'k' })
  assert.deepEqual([config.retryConfig.retryOnStatusCodes, config.retryConfig.jitter], [[429, 503], false])
  assert.deepEqual(ExporterConfig.fromEnv(undefined, { env }).toEnv(), config.toEnv())
})

test('003-05 F3 a required variable that is missing, or a secret file that is empty, is an error with its name', () => {
  const env = { MY_ENDPOINT: endpoint, MY_API_KEY: 'file:///run/secrets/key' }
  const fromEnv = (required: string[], content: string) => ExporterConfig.fromEnv('MY', { required, env, readFile: () => content })
  assert.equal(fromEnv(['endpoint', 'apiKey'], ' k\n').auth.apiKey?.reveal(), 'k')
  assert.throws(() => fromEnv(['api_key'], ' \n'), {
    code: 'CONFIG_UNREADABLE_SECRET',
    message: 'the file /run/secrets/key that MY_API_KEY names is empty',
  })
  assert.throws(() => fromEnv(['name'], 'k'), { code: 'CONFIG_UNDEFINED_VARIABLE', message: 'the environment variable MY_NAME is not set' })
})

test('003-05 toEnv and back again: everything is as it was; without reveal no secret is in it', () => {
  const text = fc.stringMatching(/^[\w.-]{1,12}$/)
  const settings = fc.record({
    name: text,
    batchSize: fc.integer({ min: 1, max: 9999 }),
    flushInterval: fc.nat(100_000),
    compression: fc.constantFrom('none', 'gzip'),
    auth: fc.oneof(
      fc.record({ apiKey: text, apiKeyHeader: text }),
      fc.record({ token: text, headers: fc.dictionary(text, text) }),
      fc.record({ username: text, password: text }),
      fc.constant({}),
    ),
    retryConfig: fc.record({
      maxRetries: fc.nat(9),
      maxBackoff: fc.nat(99_999),
      jitter: fc.boolean(),
      backoffStrategy: fc.constantFrom('linear', 'fixed'),
      retryOnStatusCodes: fc.uniqueArray(fc.integer({ min: 400, max: 599 }), { minLength: 1 }),
    }),
  })
  fc.assert(
    fc.property(settings, (given) => {
      const config = new ExporterConfig({ ...given, endpoint })
      const env = config.toEnv('A', { reveal: true })
      const again = ExporterConfig.fromEnv('A', { env })
      assert.deepEqual(again.toEnv('A', { reveal: true }), env)
      assert.deepEqual(again.auth.toHeaders(), config.auth.toHeaders())
      for (const name of ['API_KEY', 'TOKEN', 'PASSWORD', 'HEADERS']) assert.ok(!(`A_${name}` in config.toEnv('A')))
    }),
  )
  const comma = new ExporterConfig({ name: 'a', auth: { headers: { Accept: 'a, b' } } })
  assert.throws(() => comma.toEnv('A', { reveal: true }), { code: 'INVALID_OPTION', message: /comma/ })
})

test('F20 003-57 no secret is in what is printed', () => {
  const config = new ExporterConfig({ name: 'a', endpoint, auth: { apiKey: 'k3y-of-mine' } })
  for (const printed of [JSON.stringify(config), inspect(config, { depth: 9 }), String(config), JSON.stringify(config.toEnv())])
    assert.ok(!printed.includes('k3y-of-mine'), printed)
  assert.equal(config.secrets()[0]?.reveal(), 'k3y-of-mine')
})
