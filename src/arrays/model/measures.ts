import { z } from '../../sdk.ts'

/** What is measured on arrays. */
export const measures = {
  iops: { unit: 'IOPS', description: 'Read/write operations per second' },
  readIops: { unit: 'IOPS', description: 'Read operations per second' },
  writeIops: { unit: 'IOPS', description: 'Write operations per second' },
  throughput: { unit: 'MB/s', description: 'Total data transferred per second' },
  readThroughput: { unit: 'MB/s', description: 'Total read data transferred per second' },
  writeThroughput: { unit: 'MB/s', description: 'Total write data transferred per second' },
  responseTime: { unit: 'ms', description: 'Average time taken for an IO operation in ms' },
  readResponseTime: { unit: 'ms', description: 'Read average time taken for an IO operation in ms' },
  writeResponseTime: { unit: 'ms', description: 'Write average time taken for an IO operation in ms' },
  ioSize: { unit: 'KB', description: 'The average size of IO requests in KB' },
  readIoSize: { unit: 'KB', description: 'The average size of read IO requests in KB' },
  writeIoSize: { unit: 'KB', description: 'The average size of write IO requests in KB' },
  cacheHitRatio: { unit: '%', description: 'Percentage of ops that are cache hits' },
  readCacheHitRatio: { unit: '%', description: 'Percentage of read ops that are cache hits' },
  writeCacheHitRatio: { unit: '%', description: 'Percentage of write ops that are cache hits' },
  cpuUsage: { unit: '%', description: 'Percentage of cpu usage.' },
} as const

export type MeasureName = keyof typeof measures

const withoutCpu = (Object.keys(measures) as MeasureName[]).filter((name) => name !== 'cpuUsage')
const sizes: readonly MeasureName[] = ['ioSize', 'readIoSize', 'writeIoSize']

/** By the type of a resource what may be measured on it. */
export const measuresOf = {
  storage: withoutCpu,
  storagePool: withoutCpu,
  volume: withoutCpu,
  controller: [...withoutCpu, 'cpuUsage'],
  port: withoutCpu,
  disk: withoutCpu.filter((name) => !sizes.includes(name)),
  filesystem: withoutCpu.filter((name) => name !== 'responseTime' && !name.toLowerCase().includes('cache')),
} as const satisfies Readonly<Record<string, readonly MeasureName[]>>

/** The `resource_type` of what is measured. */
export type MeasuredType = keyof typeof measuresOf

/** What a driver can measure: by the type of a resource and the name of a measure. */
export const capabilitiesSchema = z.object({
  is_historic: z.boolean().describe('Whether it can tell of any time in its retention window; else it measures when it is asked.'),
  performance_metric_retention_window: z.int().min(0).nullish().describe('How far back it can tell what it has measured, in seconds.'),
  resource_metrics: z
    .partialRecord(
      z.enum(Object.keys(measuresOf) as [MeasuredType, ...MeasuredType[]]),
      z.partialRecord(
        z.enum(Object.keys(measures) as [MeasureName, ...MeasureName[]]),
        z.object({ unit: z.string().describe('Of the values.'), description: z.string().describe('What is measured.') }),
      ),
    )
    .describe('By the type of a resource and the name of a measure.'),
})

export type Capabilities = z.infer<typeof capabilitiesSchema>

/** The capabilities of a driver that measures these, with units and descriptions as everywhere. */
export function capabilitiesFor(
  measured: Readonly<Partial<Record<MeasuredType, readonly MeasureName[]>>>,
  { historic, retentionSeconds }: { readonly historic: boolean; readonly retentionSeconds: number },
): Capabilities {
  const metricsOf = (names: readonly MeasureName[]) => Object.fromEntries(names.map((name) => [name, { ...measures[name] }]))
  return {
    is_historic: historic,
    performance_metric_retention_window: retentionSeconds,
    resource_metrics: Object.fromEntries(Object.entries(measured).map(([type, names]) => [type, metricsOf(names)])),
  }
}
