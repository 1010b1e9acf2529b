import { checkHeaders, credential, httpOptions, httpUrl } from '../../http/index.ts'
import { duration, z } from '../../sdk.ts'

const tags = () => z.array(z.string().min(1)).default([])
const text = () => z.string().min(1)

const customMetric = z.strictObject({
  metricName: text().describe('The whole name under which it is sent.'),
  metricType: z.enum(['gauge', 'rate', 'count', 'distribution']).describe('The type in Datadog.'),
  sourceField: text().describe('The metric of which the value is.'),
})

/** What stands under `config:`. */
export const config = z
  .strictObject({
    apiKey: credential().optional().describe('API key of the account. Default: the environment variable DATADOG_API_KEY or DD_API_KEY.'),
    appKey: credential().optional().describe('Application key. It may be given; nothing that is sent needs it, and it is not sent.'),
    site: z
      .string()
      .regex(/^(?!app\.|api\.)[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'is not a site: write it as in datadoghq.com, datadoghq.eu or us5.datadoghq.com')
      .optional()
      .describe('Site of the account. Default: the environment variable DD_SITE, or `datadoghq.com`.'),
    url: httpUrl()
      .optional()
      .describe(
        'Address to send everything to in place of those of the site. Default: the environment variable DD_URL, or those of the site.',
      ),
    version: z.literal([1, 2]).default(2).describe('Version of the API for metrics; what takes the API of Datadog often has only 1.'),
    format: z.enum(['json', 'protobuf']).default('json').describe('How metrics are written, in version 2. Protobuf is smaller.'),
    compression: z
      .enum(['none', 'deflate', 'gzip', 'zstd'])
      .default('gzip')
      .describe('Of requests. Where the API takes only deflate, it is deflate unless there is none.'),
    tags: tags().describe('Tags of everything that is sent, such as `team:platform`.'),
    metricsConfig: z
      .strictObject({
        namespace: text().optional().describe('Put in front of the names of metrics, with a dot between.'),
        tags: tags().describe('Further tags of metrics.'),
      })
      .prefault({})
      .describe('What is said of metrics.'),
    apmConfig: z
      .strictObject({
        service: text().optional().describe('Service of what has no `service.name`.'),
        env: text().optional().describe('Environment of what has no `deployment.environment.name`.'),
        version: text().optional().describe('Version of what has no `service.version`.'),
      })
      .prefault({})
      .describe('What is said of traces, and of logs.'),
    customMetrics: z
      .record(z.string(), customMetric)
      .default({})
      .describe('Further metrics, by any name: the value of another under a name and type of their own.'),
    resourceAttributes: z
      .array(text())
      .default([])
      .describe('Attributes of the resource to add as tags of metrics, beside `service`, `env` and `version`.'),
    interval: duration().prefault('10s').describe('Interval of rates, and of counts of which it is not known when they began.'),
    maxAge: duration()
      .prefault('1h')
      .describe('Points that are older are rejected: Datadog takes them and lets them go. More where historical metrics are ingested.'),
    ...httpOptions,
  })
  .superRefine(({ headers, version, format }, context) => {
    if (version === 1 && format === 'protobuf') context.addIssue({ code: 'custom', path: ['format'], message: 'must be json in version 1' })
    checkHeaders(headers, { auth: apiKeyHeader, exporter: ['Content-Type'] }, context)
  })

export type Config = z.output<typeof config>

export const apiKeyHeader = 'DD-API-KEY'

/** What the environment says of what is not given, under the names that Datadog's own programs read. */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Partial<z.input<typeof config>> {
  const apiKey = env.DATADOG_API_KEY || env.DD_API_KEY
  const { DD_SITE: site, DD_URL: url } = env
  return { ...(apiKey && { apiKey }), ...(site && { site }), ...(url && { url }) }
}
