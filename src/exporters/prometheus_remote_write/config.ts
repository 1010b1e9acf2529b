import { metricName } from '../../codecs/prometheus-text/family.ts'
import { labelName } from '../../codecs/prometheus-text/labels.ts'
import { authOption, checkHeaders, httpOptions, httpUrl } from '../../http/index.ts'
import { z } from '../../sdk.ts'

/** Which statuses are worth another try is said by the specification. */
const { retryOnStatusCodes: _, ...options } = httpOptions

/** What stands under `config:`. */
export const config = z
  .strictObject({
    url: httpUrl().describe(
      'Where requests are sent, with its path, such as `http://localhost:9090/api/v1/write`. A user name and password in it are sent as basic authentication.',
    ),
    version: z.literal([1, 2]).default(1).describe('Version of the protocol. Prometheus takes 2 from version 3 on.'),
    auth: authOption(),
    externalLabels: z
      .record(z.string(), z.string())
      .superRefine((labels, context) => {
        for (const name of Object.keys(labels))
          if (name === '' || labelName(name) !== name)
            context.addIssue({ code: 'custom', path: [name], message: 'is no name for a label in Prometheus' })
      })
      .default({})
      .describe('Labels of every series that has none of the name.'),
    prefix: z
      .string()
      .regex(metricName, 'must be of letters, digits and _, with no digit in front')
      .optional()
      .describe('Put in front of the name of every metric, with a `_` between.'),
    resourceAttributes: z
      .array(z.string().min(1))
      .default([])
      .describe('Attributes of the resource to add as labels, such as `host.name`.'),
    targetInfo: z.boolean().default(true).describe('Whether what else is known of a resource is sent as the metric `target_info`.'),
    nativeHistograms: z
      .boolean()
      .optional()
      .describe(
        'Whether exponential histograms are sent as native ones, or with a series for each bucket. Default: with version 2, whose servers tell when they do not take them.',
      ),
    maxPointsPerRequest: z.int().min(1).default(10_000).describe('Larger batches are sent as several requests, one after the other.'),
    ...options,
  })
  .superRefine(({ url, auth, headers }, context) => {
    const { username, password } = new URL(url)
    const named = username !== '' || password !== ''
    if (named && auth.type !== 'none') context.addIssue({ code: 'custom', path: ['auth'], message: 'url holds a user name already' })
    const header = auth.type === 'api_key' ? auth.header : auth.type !== 'none' || named ? 'Authorization' : undefined
    checkHeaders(headers, { auth: header, exporter: ['Content-Type', 'User-Agent', versionHeader] }, context)
  })

export type Config = z.output<typeof config>

export const versionHeader = 'X-Prometheus-Remote-Write-Version'
