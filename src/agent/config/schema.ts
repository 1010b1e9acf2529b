import { duration, secret, signals, size, z } from '../../sdk.ts'

const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
    'a name has 1 to 63 letters, digits, dots, dashes or underscores, and begins with a letter or digit',
  )

/** A duration that is not nothing. */
const span = () => duration().refine((ms) => ms >= 1, 'must be at least 1ms')

/** A list without the same twice. */
const names = () =>
  z.array(z.string()).superRefine((list, { addIssue }) => {
    for (const [index, name] of list.entries())
      if (list.indexOf(name) < index) addIssue({ code: 'custom', path: [index], message: `${name} stands here twice` })
  })

const component = {
  name: name.optional().describe('What pipelines and the books call it; the type when absent.'),
  type: z.string().describe('The plugin that it is an instance of.'),
  config: z.unknown().optional().describe("The plugin's own settings."),
}

const buffer = z
  .object({
    type: z
      .enum(['memory', 'none'])
      .default('memory')
      .describe('Where accepted records wait: in memory, or nowhere (the source is told of every failure).'),
    maxRecords: z
      .int()
      .min(1)
      .default(1_000_000)
      .describe('At this many records it is full.')
      .meta({ aliases: { buffer_size: null } }),
    maxBytes: size()
      .prefault('64MiB')
      .describe('At about this much memory it is full.')
      .meta({ aliases: { max_memory_usage: null } }),
    overflow: z
      .enum(['refuse', 'drop_oldest'])
      .default('refuse')
      .describe('When it is full: refuse the newest, or drop the oldest, which the books count.')
      .meta({ aliases: { drop_oldest_on_overflow: { true: 'drop_oldest', false: 'refuse' } } }),
    batchSize: z.int().min(1).optional().describe('Put what waits together, up to this many records an export.'),
    flushInterval: duration().prefault('0s').describe('How long records may wait for more before they are delivered.'),
    adaptiveFlushing: z.boolean().default(false).describe('Let the interval follow the load, between 5 s and 5 min.'),
    flushOnShutdown: z
      .boolean()
      .default(true)
      .describe('Deliver what is left when the agent stops, or write it to the dead letters at once.'),
  })
  .describe('What waits before the exporter.')

const retry = z
  .object({
    maxRetries: z
      .int()
      .min(0)
      .default(3)
      .describe('How often to try again before the batch goes back to the buffer, which tries again later.'),
    initialDelay: duration().prefault('1s').describe('The longest wait before the first retry; the actual one is random below it.'),
    maxDelay: duration()
      .prefault('60s')
      .describe('The longest wait before any retry.')
      .meta({ aliases: { max_backoff: null } }),
    backoffMultiplier: z.number().min(1).default(2).describe('By how much the longest wait grows from one retry to the next.'),
    jitter: z.boolean().default(true).describe('Wait a random part of the delay, so that many agents do not come back at once.'),
  })
  .describe('How what may succeed later is tried again.')

const circuitBreaker = z
  .object({
    failureThreshold: z.int().min(1).default(5).describe('After this many failures in a row the destination is left alone.'),
    recoveryTimeout: span().prefault('60s').describe('For this long.'),
    halfOpenMaxCalls: z.int().min(1).default(3).describe('Then this many calls are let through, and all must succeed.'),
  })
  .describe('Leaves a destination alone that keeps failing. On by itself where there is a fallback.')

const monitor = z
  .object({
    alertThresholds: z
      .object({
        exportLatencyP95: duration()
          .optional()
          .describe('Warn when the 95th percentile of the time of an export, its retries included, is above it.'),
        successRatePercent: z.number().min(0).max(100).optional().describe('Warn when fewer exports than this succeed.'),
        queueDepth: z.int().min(0).optional().describe('Warn when more records than this wait.'),
      })
      .prefault({})
      .describe('Each warns once when it is crossed, and says when it no longer is. None by default.'),
    window: span().prefault('5m').describe('Over how long percentiles and the success rate are taken.'),
    selfMetricsExporter: z.string().optional().describe('The exporter that gets these figures as metrics.'),
    selfMetricsInterval: span().prefault('30s').describe('How often.'),
  })
  .describe('What is measured of the exporter; /metrics of the API has it as well.')

/** Checked when the file is resolved: the expression library is imported only when there is a condition. */
const condition = z.string().min(1).meta({ title: 'CEL condition' })

const listen = (port: string) =>
  z.object({
    enabled: z.boolean().default(true).describe('Whether to serve it.'),
    listen: z.string().default(port).describe('host:port; port 0 takes a free one.'),
    token: secret().optional().describe('Asked for as a bearer token; required when it listens beyond loopback.'),
  })

export const sourceSchema = z.object({ ...component, interval: span().prefault('10s').describe('How often it is asked.') })
export const receiverSchema = z.object(component)
export const processorSchema = z.object(component)
export const exporterSchema = z.object({
  ...component,
  buffer: buffer.prefault({}),
  retry: retry.prefault({}).meta({ aliases: { retry_config: null } }),
  timeout: span()
    .prefault('30s')
    .describe('How long one try may take.')
    .meta({ aliases: { export_timeout: null } }),
  circuitBreaker: circuitBreaker.optional(),
  monitor: monitor.prefault({}).meta({ aliases: { monitor_config: null } }),
  fallback: z
    .string()
    .optional()
    .describe('The exporter that gets what this one does not take, when the retries are spent or the circuit breaker is open.')
    .meta({ aliases: { fallback_exporter: null } }),
})

export const pipelineSchema = z.object({
  name: name.describe('What the books call it.'),
  from: names().min(1).describe('Sources and receivers by name.'),
  process: z.array(z.string()).default([]).describe('Processors by name, in order.'),
  signals: z
    .array(z.enum(signals))
    .optional()
    .describe('Only these signals; others are counted as unmatched. Default: all that its exporters take.'),
  when: condition
    .optional()
    .describe(
      'Only batches for which this holds, a CEL condition such as metrics["system.cpu.utilization"].max > 0.9; others are counted as unmatched.',
    ),
  to: names().min(1).describe('Exporters by name.'),
  strategy: z
    .enum(['parallel', 'sequential', 'failover'])
    .default('parallel')
    .describe(
      'parallel: every exporter gets everything, at once. sequential: one after the other. failover: the first, and the next when it fails.',
    ),
  require: z.enum(['any', 'all']).default('any').describe('Hold the source back when every exporter refuses (any) or when one does (all).'),
})

const labels = z.record(z.string(), z.string())

/** A record as it is written in a test: a point, a log record or an alert. */
export const testRecordSchema = z.union([
  z.object({
    name: z.string().describe('Of a metric.'),
    value: z.number().describe('Its value.'),
    labels: labels.default({}).describe('Its labels.'),
    kind: z.enum(['gauge', 'counter']).default('gauge').describe('Its kind.'),
    unit: z.string().optional().describe('Its unit.'),
  }),
  z.object({
    body: z.string().describe('Of a log record.'),
    severity: z.string().optional().describe('Its severity as text.'),
    attributes: labels.default({}).describe('Its attributes.'),
  }),
  z.object({
    alert: z.string().describe('Name of an alert.'),
    severity: z.enum(['critical', 'major', 'minor', 'warning', 'info']).default('warning').describe('Its severity.'),
    status: z.enum(['firing', 'resolved']).default('firing').describe('Whether it fires.'),
    labels: labels.default({}).describe('Its labels.'),
  }),
])

const testSchema = z.object({
  name: z.string().describe('What it shows.'),
  input: z.string().describe('The source or receiver that hands the records over.'),
  records: z
    .array(testRecordSchema)
    .min(1)
    .describe('What it hands over: points, log records or alerts, a batch for each run of one signal.'),
  expect: z
    .record(z.string(), z.array(z.looseObject({})))
    .describe(
      'By exporter, the records that arrive there, in order, as `type: file` writes them; fields that are left out may be anything.',
    ),
})

/** The form of waybill.yaml. What stands under `config` belongs to the plugin and is checked by its own schema. */
export const fileSchema = z.object({
  plugins: z.array(z.string()).default([]).describe('Files or packages with further plugins; a path is relative to this file.'),
  dataDir: z.string().default('waybill-data').describe('Where the agent keeps what it must; relative to the working directory.'),
  stopTimeout: duration().prefault('10s').describe('How long a stop may take before what is left goes to the dead letters.'),
  maxMemory: size()
    .refine((bytes) => bytes >= 1024 * 1024, 'must be at least 1MiB')
    .prefault('256MiB')
    .describe('About how much memory all buffers together may hold; beyond it they refuse.'),
  api: listen('127.0.0.1:9465').prefault({}).describe('The HTTP API of the agent.'),
  log: z
    .object({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('From which level on to log.'),
      components: z
        .record(z.string(), z.enum(['debug', 'info', 'warn', 'error']))
        .default({})
        .describe('Another level for single components, by their names.'),
      format: z.enum(['auto', 'text', 'json']).default('auto').describe('Text for people or JSON lines; auto is text.'),
    })
    .prefault({})
    .describe('What the agent says of itself, on standard error.'),
  sources: z.array(sourceSchema).default([]).describe('What is asked for records. Without a source or receiver: `system` every second.'),
  receivers: z.array(receiverSchema).default([]).describe('What listens for records that others send.'),
  processors: z.array(processorSchema).default([]).describe('What changes records on their way.'),
  exporters: z.array(exporterSchema).default([]).describe('Where records go.'),
  pipelines: z.array(pipelineSchema).default([]).describe('What flows where. Without one: everything to every exporter.'),
  tests: z.array(testSchema).default([]).describe('What `waybill test` checks: records in, and the records expected at exporters.'),
})

export type FileConfig = z.output<typeof fileSchema>
export type TestConfig = z.output<typeof testSchema>
export type TestRecord = z.output<typeof testRecordSchema>
export type ExporterConfig = z.output<typeof exporterSchema>
