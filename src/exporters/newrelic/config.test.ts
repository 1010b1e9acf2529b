import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Secret } from '../../sdk.ts'
import { apisOf } from './apis.ts'
import { config, fromEnvironment } from './config.ts'
import { NewRelicExporter, type NewRelicExporterOptions } from './newrelic.ts'

const addresses = (options: object) => Object.values(apisOf(config.parse(options), new Secret('k'))).map(({ address }) => address)

test('F7 003-22: each region has its own addresses, the number of the account in that of events; each can be another', () => {
  assert.deepEqual(addresses({ accountId: 42 }), [
    'https://metric-api.newrelic.com/metric/v1',
    'https://insights-collector.newrelic.com/v1/accounts/42/events',
    'https://trace-api.newrelic.com/trace/v1',
    'https://log-api.newrelic.com/log/v1',
  ])
  assert.deepEqual(addresses({ region: 'EU', accountId: '42' }), [
    'https://metric-api.eu.newrelic.com/metric/v1',
    'https://insights-collector.eu01.nr-data.net/v1/accounts/42/events',
    'https://trace-api.eu.newrelic.com/trace/v1',
    'https://log-api.eu.newrelic.com/log/v1',
  ])
  const own = { metricsApiUrl: 'http://a/m', eventsApiUrl: 'http://a/e/{account_id}', tracesApiUrl: 'http://a/t', logsApiUrl: 'http://a/l' }
  assert.deepEqual(addresses({ ...own, accountId: 7 }), ['http://a/m', 'http://a/e/7', 'http://a/t', 'http://a/l'])
  assert.equal(addresses({}).length, 3)
})

test('F7 003-22: key and account are in the environment where they are not given; without a key it says what to do', (t) => {
  assert.deepEqual(fromEnvironment({ NEW_RELIC_LICENSE_KEY: 'a', NEW_RELIC_ACCOUNT_ID: '42' }), { licenseKey: 'a', accountId: '42' })
  assert.deepEqual(fromEnvironment({ NEW_RELIC_LICENSE_KEY: '' }), {})
  const { NEW_RELIC_LICENSE_KEY } = process.env
  t.after(() => {
    delete process.env.NEW_RELIC_LICENSE_KEY
    if (NEW_RELIC_LICENSE_KEY !== undefined) process.env.NEW_RELIC_LICENSE_KEY = NEW_RELIC_LICENSE_KEY
  })
  delete process.env.NEW_RELIC_LICENSE_KEY
  assert.throws(() => new NewRelicExporter(), { code: 'INVALID_OPTION', hint: 'give license_key, or set NEW_RELIC_LICENSE_KEY' })
  process.env.NEW_RELIC_LICENSE_KEY = 'k'
  assert.equal(new NewRelicExporter().destination, 'https://metric-api.newrelic.com/metric/v1')
})

test('options that make no sense are refused, and no key is shown', () => {
  const refused: [object, RegExp][] = [
    [{ region: 'FR' }, /region/],
    [{ accountId: 'abc' }, /number of an account/],
    [{ eventTypes: { 'a b': { attributes: ['x'] } } }, /eventTypes/],
    [{ eventTypes: { a: { attributes: ['x'] } } }, /only for an account/],
    [{ headers: { 'api-key': 'x' } }, /is set by auth/],
    [{ commonAttributes: { a: 'x'.repeat(4097) } }, /commonAttributes/],
    [{ licenseKey: 'hidden-\u2713' }, /no header can/],
    [{ compression: 'zstd' }, /compression/],
  ]
  for (const [options, told] of refused)
    assert.throws(
      () => new NewRelicExporter({ licenseKey: 'hidden-key', ...options } as NewRelicExporterOptions),
      (error: Error) => {
        assert.match(error.message, told)
        assert.doesNotMatch(inspect(error), /hidden-/)
        return true
      },
    )
})
