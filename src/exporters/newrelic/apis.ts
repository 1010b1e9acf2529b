import { HttpDestination } from '../../http/index.ts'
import type { Secret } from '../../sdk.ts'
import { apiKeyHeader, type Config } from './config.ts'

export type ApiName = 'metrics' | 'events' | 'traces' | 'logs'

/** Sources: https://docs.newrelic.com/docs/data-apis/ingest-apis/, of each API the page that introduces it. */
const addresses: Readonly<Record<Config['region'], Readonly<Record<ApiName, string>>>> = {
  US: {
    metrics: 'https://metric-api.newrelic.com/metric/v1',
    events: 'https://insights-collector.newrelic.com/v1/accounts/{account_id}/events',
    traces: 'https://trace-api.newrelic.com/trace/v1',
    logs: 'https://log-api.newrelic.com/log/v1',
  },
  EU: {
    metrics: 'https://metric-api.eu.newrelic.com/metric/v1',
    events: 'https://insights-collector.eu01.nr-data.net/v1/accounts/{account_id}/events',
    traces: 'https://trace-api.eu.newrelic.com/trace/v1',
    logs: 'https://log-api.eu.newrelic.com/log/v1',
  },
}

/** Where each kind of data is sent; events nowhere without the number of the account. */
export function apisOf(config: Config, licenseKey: Secret): Readonly<Partial<Record<ApiName, HttpDestination>>> {
  const { region, metricsApiUrl, eventsApiUrl, tracesApiUrl, logsApiUrl, accountId, ...options } = config
  const given: Partial<Record<ApiName, string | undefined>> = {
    metrics: metricsApiUrl,
    events: eventsApiUrl,
    traces: tracesApiUrl,
    logs: logsApiUrl,
  }
  const entries = (['metrics', 'events', 'traces', 'logs'] as const).flatMap((api) => {
    const template = given[api] ?? addresses[region][api]
    if (template.includes('{account_id}') && accountId === undefined) return []
    const destination = new HttpDestination({
      ...options,
      url: template.replace('{account_id}', accountId ?? ''),
      auth: { type: 'api_key', header: apiKeyHeader, key: licenseKey },
      addressOption: `${api}_api_url`,
      advice: { 401: 'check license_key', 403: 'check license_key, that it is a license key, and that region is that of its account' },
    })
    return [[api, destination] as const]
  })
  return Object.fromEntries(entries)
}
