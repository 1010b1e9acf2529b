import { metricName } from '../../codecs/prometheus-text/family.ts'
import { labelName } from '../../codecs/prometheus-text/labels.ts'
import { authOption, checkHeaders, httpOptions, httpUrl } from '../../http/index.ts'
import { duration, listenProblem, secret, z } from '../../sdk.ts'

/** A name of Prometheus, as a user writes it for good. */
const name = () => z.string().regex(metricName, 'must be of letters, digits and _, with no digit in front')
const labels = () =>
  z
    .record(z.string(), z.string())
    .superRefine((labels, context) => {
      for (const name of Object.keys(labels))
        if (name === '' || labelName(name) !== name)
          context.addIssue({ code: 'custom', path: [name], message: 'is no name for a label in Prometheus' })
    })
    .default({})

const pull = {
  listen: z
    .string()
    .optional()
    .describe(
      'Where Prometheus scrapes: `host:port`, `[::1]:port`, or `:port` for every address. Port 0 takes any that is free. Default: `127.0.0.1:9464`.',
    ),
  metricsPort: z.int().min(0).max(65_535).optional().describe('Port of 127.0.0.1 to be scraped at, in place of `listen`.'),
  path: z
    .string()
    .regex(/^\/[^\s?#]*$/, 'must begin with / and have no ?, # or space')
    .default('/metrics')
    .describe('The path of the metrics.')
    .meta({ aliases: { metrics_path: null } }),
  token: secret().optional().describe('What a scraper has to send as `Authorization: Bearer …`. Needed to listen beyond loopback.'),
  createdTimestamps: z.boolean().default(false).describe('Whether to say in OpenMetrics when counting began, as `_created` samples.'),
}

const push = {
  pushgatewayUrl: httpUrl().optional().describe('Address of a Pushgateway, in front of `/metrics/job/…`: metrics are pushed there.'),
  jobName: z.string().min(1).default('waybill').describe('The label `job` of what is pushed.'),
  instanceLabel: z.string().optional().describe('The label `instance` of what is pushed. Default: none.'),
  groupingKey: labels().describe('Further labels that tell this group of metrics from others at the Pushgateway.'),
  pushMethod: z
    .enum(['replace', 'add'])
    .default('replace')
    .describe('Replace all metrics of the group (PUT), or only those of the names that are pushed (POST).'),
  deleteOnShutdown: z.boolean().default(false).describe('Whether to take the group from the Pushgateway when the exporter stops.'),
  auth: authOption(),
  ...httpOptions,
}

const metric = z.strictObject({
  name: name().describe('Its name in Prometheus; samples of counters end in `_total`.'),
  type: z.enum(['gauge', 'counter', 'histogram', 'summary']).optional().describe('Its type. Default: what it is.'),
  help: z.string().min(1).optional().describe('Its help text. Default: what it has.'),
})

/** What stands under `config:`. */
export const config = z
  .strictObject({
    mode: z
      .enum(['pull', 'push'])
      .optional()
      .describe('`pull`: to be scraped. `push`: to a Pushgateway. Default: `push` with a `pushgateway_url`, else `pull`.'),
    ...pull,
    ...push,
    prefix: name().optional().describe('Put in front of the name of every metric, with a `_` between.'),
    metricsMapping: z
      .record(z.string().min(1), metric)
      .optional()
      .describe(
        'Metrics to export, by their names here, and what they are in Prometheus. Others are dropped, as `unmapped`. Default: all, under their own names.',
      ),
    additionalLabels: labels()
      .describe('Labels of every series that has none of the name.')
      .meta({ aliases: { labels: null } }),
    staleAfter: duration().prefault('5m').describe('A series without a new point for so long is no longer exposed or pushed.'),
    maxSeries: z
      .int()
      .min(1)
      .default(100_000)
      .describe('How many series are exposed or pushed at most; points of further ones are rejected.'),
    resourceAttributes: z
      .array(z.string().min(1))
      .default([])
      .describe('Attributes of the resource to add as labels, such as `host.name` where several machines send here.'),
  })
  .superRefine((given, context) => {
    const issue = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    const { listen, metricsPort, token, pushgatewayUrl, auth, headers } = given
    if (given.mode === 'push' && !pushgatewayUrl) issue('pushgatewayUrl', 'is required to push')
    if (given.mode === 'pull' && pushgatewayUrl) issue('pushgatewayUrl', 'is no option of mode pull')
    if (listen !== undefined && metricsPort !== undefined) issue('metricsPort', 'is given by listen already')
    const problem = listen === undefined ? undefined : listenProblem(listen, token !== undefined)
    if (problem) issue('listen', problem)
    for (const label of ['job', 'instance'])
      if (label in given.groupingKey) issue('groupingKey', `${label} is given by ${label === 'job' ? 'job_name' : 'instance_label'}`)
    const { username = '', password = '' } = pushgatewayUrl ? new URL(pushgatewayUrl) : {}
    const named = username !== '' || password !== ''
    if (named && auth.type !== 'none') issue('auth', 'pushgateway_url holds a user name already')
    checkHeaders(
      headers,
      {
        auth: auth.type === 'api_key' ? auth.header : auth.type !== 'none' || named ? 'Authorization' : undefined,
        exporter: ['Content-Type'],
      },
      context,
    )
  })

export type Config = z.output<typeof config>
