import { checkHeaders, credential, httpOptions, httpUrl } from '../../http/index.ts'
import { duration, z } from '../../sdk.ts'

export const apiKeyHeader = 'Api-Key'

const attributeName = () => z.string().min(1).max(255)
const address = (of: string) => httpUrl().optional().describe(`Address for ${of}. Default: that of the region.`)

/** What stands under `config:`. */
export const config = z
  .strictObject({
    licenseKey: credential().optional().describe('License key of the account. Default: the environment variable NEW_RELIC_LICENSE_KEY.'),
    accountId: z
      .union([z.int().positive(), z.string().regex(/^\d+$/, 'is not the number of an account')])
      .transform(String)
      .optional()
      .describe('Number of the account, which events need. Default: the environment variable NEW_RELIC_ACCOUNT_ID.'),
    region: z.enum(['US', 'EU']).default('US').describe('Data center of the account.'),
    metricsApiUrl: address('metrics'),
    eventsApiUrl: address('events; `{account_id}` in it stands for the number of the account'),
    tracesApiUrl: address('traces'),
    logsApiUrl: address('logs'),
    eventTypes: z
      .record(
        z.string().regex(/^[\w:]+$/, 'must be of letters, digits, _ and :'),
        z.strictObject({
          attributes: z.array(attributeName()).min(1).describe('Metrics, or attributes of spans, that an event of the type has.'),
        }),
      )
      .default({})
      .describe(
        'Events to make of metrics and spans beside them, by type: an event for the metrics of one time and origin, and for each span.',
      ),
    commonAttributes: z
      .record(attributeName(), z.union([z.string().max(4096), z.number(), z.boolean()]))
      .default({})
      .describe('Attributes of everything that has none of the name.'),
    interval: duration().prefault('10s').describe('Interval of counts of which it is not known when they began.'),
    compression: z.enum(['none', 'gzip']).default('gzip').describe('Of requests.'),
    ...httpOptions,
  })
  .superRefine(({ headers }, context) => {
    checkHeaders(headers, { auth: apiKeyHeader, exporter: ['Content-Type', 'Data-Format', 'Data-Format-Version'] }, context)
  })

export type Config = z.output<typeof config>

/** What the environment says of what is not given. */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Partial<z.input<typeof config>> {
  const { NEW_RELIC_LICENSE_KEY: licenseKey, NEW_RELIC_ACCOUNT_ID: accountId } = env
  return { ...(licenseKey && { licenseKey }), ...(accountId && { accountId }) }
}
