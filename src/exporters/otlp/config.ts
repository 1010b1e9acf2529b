import { checkHeaders, httpOptions, httpUrl } from '../../http/index.ts'
import { duration, z } from '../../sdk.ts'

const protocols = ['http/protobuf', 'http/json', 'grpc'] as const

/** How requests travel. */
export type Protocol = (typeof protocols)[number]

const endpoint = () =>
  httpUrl().superRefine((text, context) => {
    const { username, password } = new URL(text)
    if (username || password)
      context.addIssue({ code: 'custom', message: 'must hold no user name and password: send them as Authorization under headers' })
  })
const protocol = () => z.enum(protocols)

const own = (signal: string) => ({
  endpoint: endpoint().optional().describe(`Address for ${signal}, with its whole path; of gRPC without one. Default: that of endpoint.`),
  protocol: protocol().optional().describe(`Protocol for ${signal}. Default: that of protocol.`),
})
const [metrics, traces, logs] = [own('metrics'), own('traces'), own('logs and alerts')]

/** What stands under `config:`. */
export const config = z
  .strictObject({
    endpoint: endpoint()
      .optional()
      .describe(
        'Address of the server; over HTTP `/v1/metrics`, `/v1/traces` and `/v1/logs` are put behind it. Default: `http://localhost:4318`, for gRPC `http://localhost:4317`.',
      )
      .meta({ aliases: { otlp_endpoint: null } }),
    protocol: protocol()
      .optional()
      .describe('How requests are sent. Default: `http/protobuf`.')
      .meta({ aliases: { otlp_protocol: null } }),
    metricsEndpoint: metrics.endpoint,
    metricsProtocol: metrics.protocol,
    tracesEndpoint: traces.endpoint,
    tracesProtocol: traces.protocol,
    logsEndpoint: logs.endpoint,
    logsProtocol: logs.protocol,
    serviceName: z.string().min(1).optional().describe('The attribute `service.name` of resources that have none.'),
    serviceVersion: z.string().min(1).optional().describe('Likewise `service.version`.'),
    serviceNamespace: z.string().min(1).optional().describe('Likewise `service.namespace`.'),
    resourceAttributes: z
      .record(z.string().min(1), z.union([z.string(), z.number(), z.boolean()]))
      .default({})
      .describe('Attributes of resources that do not have them.'),
    spanNamePrefix: z.string().min(1).optional().describe('Put in front of the name of every span, with a dot between.'),
    createChildSpans: z.boolean().default(true).describe('Whether spans that have a parent are sent too; if not, they are dropped.'),
    traceSampler: z
      .enum(['parentbased_traceidratio', 'always_on', 'always_off'])
      .default('parentbased_traceidratio')
      .describe('Which traces are sent: a share of them, all or none. The other spans are dropped.'),
    traceSampleRate: z.number().min(0).max(1).default(1).describe('Share of the traces that `parentbased_traceidratio` sends, 0 to 1.'),
    compression: z.enum(['none', 'gzip', 'zstd']).optional().describe('Of requests. Every server takes gzip. Default: `gzip`.'),
    environment: z.boolean().default(false).describe('Whether the variables OTEL_EXPORTER_OTLP_… say what is not set here.'),
    ...httpOptions,
    timeout: duration().optional().describe('A request without an answer for so long has failed. Default: `30s`.'),
    retryOnStatusCodes: httpOptions.retryOnStatusCodes.describe(
      'Status codes of HTTP that are worth another try. Default: 429, 502, 503 and 504, as OTLP has it. 401, 403, 404 and 407 always are.',
    ),
  })
  .superRefine((given, context) => {
    checkHeaders(given.headers, {}, context)
    const grpc = [given.protocol, given.metricsProtocol, given.tracesProtocol, given.logsProtocol].includes('grpc')
    if (grpc && given.proxy)
      context.addIssue({ code: 'custom', path: ['proxy'], message: 'is not for gRPC: use http/protobuf to send through a proxy' })
  })

export type Config = z.output<typeof config>
