import { keyBytes } from '../../files/key-bytes.ts'
import { duration, secret, size, z } from '../../sdk.ts'

/** A duration that is not nothing. */
export const span = () => duration().refine((ms) => ms >= 1, 'must be at least 1ms')

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day is HH:MM, from 00:00 to 24:00')

const encryptionKey = () => secret().refine((key) => keyBytes(key) !== undefined, 'expected 32 bytes, as 64 hex digits or in base64')

/** What waits before an exporter. */
export const buffer = z
  .object({
    type: z
      .enum(['memory', 'disk', 'none'])
      .default('memory')
      .describe(
        'Where accepted records wait: in memory; on disk, in the data directory, over restarts and crashes; or nowhere (the source is told of every failure).',
      ),
    durability: z
      .enum(['commit', 'interval', 'none'])
      .default('commit')
      .describe(
        'Of a buffer on disk, when a record counts as accepted: on the device (commit); or with the operating system, which puts it there within a second (interval) or when it likes (none).',
      ),
    maxAge: duration().optional().describe('What has waited for longer goes to the dead letters.'),
    maxRecords: z
      .int()
      .min(1)
      .optional()
      .describe('At this many records it is full. Default: 1,000,000 in memory, no bound on disk.')
      .meta({ aliases: { buffer_size: null } }),
    maxBytes: size()
      .optional()
      .describe('At about this much it is full. Default: 64MiB of memory, 1GiB on disk.')
      .meta({ aliases: { max_memory_usage: null } }),
    overflow: z
      .enum(['refuse', 'drop_oldest'])
      .default('refuse')
      .describe('When it is full: refuse the newest, or drop the oldest, which the books count.')
      .meta({ aliases: { drop_oldest_on_overflow: { true: 'drop_oldest', false: 'refuse' } } }),
    batchSize: z.int().min(1).optional().describe('Put what waits together, up to this many records an export.'),
    concurrency: z
      .int()
      .min(1)
      .max(64)
      .default(1)
      .describe(
        'At most so many exports run at once, as many as the destination bears. Remote write and InfluxDB want the points of a series in order: there a series is in one of them at a time, and batch_size is 1,000 unless it is set. Elsewhere, what came later may arrive first.',
      ),
    maxDrainRate: z
      .int()
      .min(1)
      .optional()
      .describe('Records a second, at most, while it delivers what an outage or a restart has left. Default: no bound.'),
    flushInterval: duration()
      .prefault('0s')
      .describe('How long records may wait for more before they are delivered.')
      .meta({ aliases: { batch_timeout: null } }),
    adaptiveFlushing: z.boolean().default(false).describe('Let the interval follow the load, between 5 s and 5 min.'),
    compress: z
      .boolean()
      .default(false)
      .describe('Compress what waits for longer: in memory while more than `compression_threshold` records wait, on disk file by file.')
      .meta({ aliases: { compress_buffer: null } }),
    compressionThreshold: z.int().min(0).default(100).describe('See `compress`.'),
    encryptionKey: encryptionKey()
      .optional()
      .describe('Encrypt a buffer on disk with this key of 32 bytes, in hex or base64; `openssl rand -hex 32` makes one.'),
    oldEncryptionKeys: z.array(encryptionKey()).default([]).describe('Keys of before, with which what waits is still read.'),
    flushOnShutdown: z
      .boolean()
      .default(true)
      .describe('Deliver what is left when the agent stops, or write it to the dead letters at once.'),
  })
  .describe('What waits before the exporter.')

export const retry = z
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

export const circuitBreaker = z
  .object({
    failureThreshold: z.int().min(1).default(5).describe('After this many failures in a row the destination is left alone.'),
    recoveryTimeout: span().prefault('60s').describe('For this long.'),
    halfOpenMaxCalls: z.int().min(1).default(3).describe('Then this many calls are let through, and all must succeed.'),
  })
  .describe('Leaves a destination alone that keeps failing. On by itself where there is a fallback.')

export const monitor = z
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

/** What of the data an exporter gets. */
export const filters = z
  .object({
    includeMetrics: z
      .array(z.string())
      .min(1)
      .default(['*'])
      .describe('Only metrics of these names, in which * stands for any characters.'),
    excludeMetrics: z.array(z.string()).default([]).describe('Of these, none of those names.'),
    exportSampleRate: z.number().min(0).max(1).default(1).describe('The share of exports, each as a whole.'),
    timeFilter: z
      .object({
        from: timeOfDay.default('00:00').describe('Where the hours of the day begin.'),
        to: timeOfDay.default('24:00').describe('Where they end; not after `from`: on the next day.'),
        weekdays: z
          .array(z.enum(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']))
          .min(1)
          .default(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'])
          .describe('On which days they begin.'),
        zone: z.enum(['utc', 'local']).default('utc').describe('Whose clock that is.'),
      })
      .optional()
      .describe('Only in these hours.'),
  })
  .describe('What of the data it gets; the rest is counted as dropped, with the reason.')

/** What is told of each export. */
export const debug = z
  .object({
    traceExports: z.boolean().default(true).describe('How many records it was and what became of them.'),
    logPayloads: z.boolean().default(false).describe('The first 20 records, secrets redacted. They may hold personal data.'),
    measurePerformance: z.boolean().default(true).describe('How long it took, how much it was, and records a second.'),
    validateSchemas: z.boolean().default(true).describe('Sends nothing that is not valid: it is rejected, with what is wrong.'),
  })
  .describe('Tells of every export in the log, at level info.')
