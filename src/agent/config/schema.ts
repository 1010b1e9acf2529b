import { arraysSchema } from '../../arrays/config.ts'
import { duration, secret, size, z } from '../../sdk.ts'
import { buffer, circuitBreaker, debug, filters, monitor, retry, span } from './delivery-schema.ts'
import { name } from './name-schema.ts'
import { pipelineSchema } from './pipeline-schema.ts'
import { testSchema } from './test-schema.ts'

const component = {
  name: name.optional().describe('What pipelines and the books call it; the type when absent.'),
  type: z.string().describe('The plugin that it is an instance of.'),
  enabled: z.boolean().default(true).describe('false: as if it were not there, but checked all the same.'),
  config: z.unknown().optional().describe("The plugin's own settings."),
}

const listen = (port: string) =>
  z.object({
    enabled: z.boolean().default(true).describe('Whether to serve it.'),
    listen: z.string().default(port).describe('host:port; port 0 takes a free one.'),
    token: secret().optional().describe('Asked for as a bearer token; required when it listens beyond loopback.'),
  })

export const sourceSchema = z.object({
  ...component,
  interval: span().prefault('10s').describe('How often it is asked.'),
  windows: z
    .array(span())
    .min(1)
    .optional()
    .describe(
      'Of a source that computes over spans of time: ask it for every span of these lengths that has closed, each once, in place of how it is now; at every interval it is looked whether one has.',
    ),
})
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
  filters: filters.optional(),
  debug: debug.optional(),
  deadLetter: z
    .union([
      z.string(),
      z.object({
        type: z.string().describe('The exporter plugin that takes them.'),
        config: z.unknown().optional().describe("The plugin's own settings."),
      }),
    ])
    .optional()
    .describe('What takes what this one never will: another exporter by name, or one of its own. Default: files in the data directory.')
    .meta({ aliases: { dlq_exporter: null } }),
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
  deadLetters: z
    .object({
      maxSize: size().prefault('256MiB').describe('How much may wait; beyond it no more is taken, and buffers keep what they have.'),
      maxAge: duration().optional().describe('Older ones are purged. Default: never.'),
    })
    .prefault({})
    .describe('What is kept in the data directory of what no destination takes.'),
  arrays: arraysSchema
    .optional()
    .describe(
      'Storage arrays: registered by a REST API of their own, collected, and handed to the exporters named here and to the others.',
    ),
  sources: z.array(sourceSchema).default([]).describe('What is asked for records. Without a source or receiver: `system` every second.'),
  receivers: z.array(receiverSchema).default([]).describe('What listens for records that others send.'),
  processors: z.array(processorSchema).default([]).describe('What changes records on their way.'),
  exporters: z.array(exporterSchema).default([]).describe('Where records go.'),
  pipelines: z
    .array(pipelineSchema)
    .default([])
    .describe('What flows where. Without one: everything to every exporter, as far as it takes it.'),
  tests: z.array(testSchema).default([]).describe('What `waybill test` checks: records in, and the records expected at exporters.'),
})

export type FileConfig = z.output<typeof fileSchema>
export type ExporterConfig = z.output<typeof exporterSchema>
