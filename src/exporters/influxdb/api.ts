import type { Backslashes } from '../../codecs/line-protocol/escape.ts'
import type { Advice, AuthSettings } from '../../http/index.ts'
import { Secret } from '../../sdk.ts'
import { type Config, versionOf } from './config.ts'

/** How one version of InfluxDB takes lines. */
export interface Api {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly auth: AuthSettings
  /** How it reads a backslash in a name. */
  readonly backslashes: Backslashes
  readonly advice: Advice
}

/**
 * Sources: https://docs.influxdata.com/influxdb/v1/tools/api/#write-http-endpoint,
 * https://docs.influxdata.com/influxdb/v2/api/v2/#operation/PostWrite,
 * https://docs.influxdata.com/influxdb3/core/write-data/http-api/v3-write-lp/.
 */
export function apiOf(config: Config): Api {
  const { database = '', retentionPolicy, createDatabase, username, password, org = '', bucket = '', token } = config
  switch (versionOf(config)) {
    case 1:
      return {
        path: '/write',
        query: { db: database, precision: 'ns', ...(retentionPolicy !== undefined && { rp: retentionPolicy }) },
        auth: username !== undefined && password ? { type: 'basic', username, password } : { type: 'none' },
        backslashes: 'literal',
        advice: {
          401: 'check username and password',
          403: 'let the user write to the database (GRANT WRITE)',
          404: createDatabase ? 'check the path of url' : 'create the database, or set create_database',
        },
      }
    case 2:
      return {
        path: '/api/v2/write',
        query: { org, bucket, precision: 'ns' },
        auth: token ? { type: 'api_key', header: 'Authorization', key: new Secret(`Token ${token.reveal()}`) } : { type: 'none' },
        backslashes: 'literal',
        advice: { 401: 'check token', 403: 'give the token the right to write to the bucket', 404: 'check org and bucket' },
      }
    case 3:
      return {
        path: '/api/v3/write_lp',
        query: { db: database, precision: 'nanosecond', accept_partial: 'true' },
        auth: token ? { type: 'bearer', token } : { type: 'none' },
        backslashes: 'escaped',
        advice: { 401: 'check token', 403: 'give the token the right to write to the database', 404: 'check url and database' },
      }
  }
}
