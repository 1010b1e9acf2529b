import { type Answer, HttpDestination } from '../../http/index.ts'
import type { Secret } from '../../sdk.ts'
import { apiKeyHeader, type Config } from './config.ts'

/** Where each kind of data is sent. Two that are at the same address are the same. */
export interface Intakes {
  /** Metrics and events. */
  readonly api: HttpDestination
  readonly logs: HttpDestination
  readonly traces: HttpDestination
}

/** Of a site (https://docs.datadoghq.com/getting_started/site/), or all at one address. */
export function intakesOf(config: Config, apiKey: Secret): Intakes {
  const { site = 'datadoghq.com', url, ...options } = config
  const advice = {
    401: 'check api_key',
    403: `check api_key, and that it is a key of ${url === undefined ? site : 'the account there'}`,
  }
  const to = (address: string) =>
    new HttpDestination({
      ...options,
      url: address,
      auth: { type: 'api_key', header: apiKeyHeader, key: apiKey },
      compression: 'none',
      addressOption: url === undefined ? 'site' : 'url',
      advice,
    })
  if (url !== undefined) {
    const all = to(url)
    return { api: all, logs: all, traces: all }
  }
  return { api: to(`https://api.${site}`), logs: to(`https://http-intake.logs.${site}`), traces: to(`https://trace.agent.${site}`) }
}

/** What an answer of 2xx complains of all the same. */
export function complaintsOf({ body }: Answer): readonly string[] {
  try {
    const { errors } = JSON.parse(body.toString()) as { errors?: unknown }
    return Array.isArray(errors) ? errors.map(String) : []
  } catch {
    return []
  }
}
