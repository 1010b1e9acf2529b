/** Arrays of which every sample is known: two values, every half second since for ever. */
import { defineArrayDriver } from '../../src/arrays/index.ts'

/** Milliseconds from sample to sample, all at multiples of it since the epoch. */
export const everyMs = 500

export default defineArrayDriver({
  vendor: 'known',
  model: 'known',
  summary: 'Arrays of which every sample is known.',
  connect: ({ id }) => ({
    resources: {},
    capabilities: {
      is_historic: true,
      performance_metric_retention_window: 3600,
      resource_metrics: { volume: { iops: { unit: 'IOPS', description: 'Operations a second.' } } },
    },
    describe: async () => ({ name: id, vendor: 'known', model: 'known', serial_number: id, status: 'normal' }),
    async *measured({ startMs, endMs }) {
      const times: number[] = []
      for (let ms = Math.ceil(startMs / everyMs) * everyMs; ms < endMs; ms += everyMs) times.push(ms)
      const values = Object.fromEntries(times.map((ms) => [ms, ms]))
      yield ['volume_0', 'volume_1'].map((resource_id) => ({
        name: 'iops',
        labels: { resource_type: 'volume', resource_id, type: 'RAW', unit: 'IOPS' },
        values,
      }))
    },
  }),
})
