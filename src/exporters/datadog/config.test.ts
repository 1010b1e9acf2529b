import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Secret } from '../../sdk.ts'
import { config, fromEnvironment } from './config.ts'
import { DatadogExporter, type DatadogExporterOptions } from './datadog.ts'
import { intakesOf } from './intakes.ts'

const addresses = (options: object) => {
  const { api, logs, traces } = intakesOf(config.parse(options), new Secret('k'))
  return [api, logs, traces].map(({ address }) => address)
}

test('F6 003-19: each site has its own addresses, and all can be one', () => {
  for (const site of ['datadoghq.com', 'datadoghq.eu', 'us5.datadoghq.com', 'ddog-gov.com'])
    assert.deepEqual(addresses({ site }), [`https://api.${site}/`, `https://http-intake.logs.${site}/`, `https://trace.agent.${site}/`])
  assert.deepEqual(addresses({}), addresses({ site: 'datadoghq.com' }))
  assert.deepEqual(addresses({ url: 'http://proxy:8080/dd' }), Array(3).fill('http://proxy:8080/dd'))
})

test('F6 003-19: key, site and address are in the environment where they are not given; without a key it says what to do', (t) => {
  assert.deepEqual(fromEnvironment({ DD_API_KEY: 'a', DD_SITE: 'datadoghq.eu', DD_URL: 'http://x' }), {
    apiKey: 'a',
    site: 'datadoghq.eu',
    url: 'http://x',
  })
  assert.deepEqual(fromEnvironment({ DATADOG_API_KEY: 'b', DD_API_KEY: 'a', DD_SITE: '' }), { apiKey: 'b' })
  const { DATADOG_API_KEY, DD_API_KEY } = process.env
  t.after(() => Object.assign(process.env, { ...(DATADOG_API_KEY && { DATADOG_API_KEY }), ...(DD_API_KEY && { DD_API_KEY }) }))
  delete process.env.DD_API_KEY
  delete process.env.DATADOG_API_KEY
  assert.throws(() => new DatadogExporter(), { code: 'INVALID_OPTION', hint: 'give api_key, or set DATADOG_API_KEY' })
  process.env.DATADOG_API_KEY = 'k'
  t.after(() => delete process.env.DATADOG_API_KEY)
  assert.equal(new DatadogExporter().destination, 'https://api.datadoghq.com/')
})

test('options that make no sense are refused, and no key is shown', () => {
  const refused: [object, RegExp][] = [
    [{ site: 'https://app.datadoghq.com' }, /is not a site/],
    [{ site: 'app.datadoghq.eu' }, /is not a site/],
    [{ url: 'datadoghq.com' }, /url/],
    [{ version: 1, format: 'protobuf' }, /must be json in version 1/],
    [{ headers: { 'dd-api-key': 'x' } }, /is set by auth/],
    [{ customMetrics: { a: { metricName: 'a', metricType: 'histogram', sourceField: 'b' } } }, /metricType/],
    [{ apiKey: 'hidden-\u2713' }, /no header can/],
    [{ apikey: 'hidden' }, /apikey/],
  ]
  for (const [options, told] of refused)
    assert.throws(
      () => new DatadogExporter({ apiKey: 'hidden-key', ...options } as DatadogExporterOptions),
      (error: Error) => {
        assert.match(error.message, told)
        assert.doesNotMatch(inspect(error), /hidden-/)
        return true
      },
    )
})
