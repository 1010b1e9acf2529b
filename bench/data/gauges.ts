import { type Label, type MetricsBatch, metrics, type Series } from '../../src/core/index.ts'

const names = ['system_cpu_utilization', 'system_memory_usage', 'system_network_io', 'container_cpu_time', 'http_server_active_requests']
const regions = ['eu-central-1', 'eu-west-1', 'us-east-1', 'ap-southeast-2']
const services = ['checkout', 'cart', 'catalogue', 'payment', 'search', 'shipping', 'frontend', 'identity']
const intervalMs = 15_000
const startMs = Date.UTC(2026, 10, 21, 1, 2, 3, 456)

/** Gauges with six labels; those of another `generation` are all different, and have the slots of the one before. */
export function gauges(count: number, generation = 0): readonly Series[] {
  return Array.from({ length: count }, (_, slot) => {
    const service = services[slot % services.length]!
    const labels: Label[] = [
      ['cluster', 'production-01'],
      ['host', `ip-10-${slot % 7}-${slot % 251}-${slot % 83}.internal`],
      ['namespace', `team-${slot % 40}`],
      ['pod', `${service}-7d9f8b6c5-${(generation * count + slot).toString(36).padStart(5, '0')}`],
      ['region', regions[slot % regions.length]!],
      ['service', service],
    ]
    return { key: `${generation}/${slot}`, slot, name: names[slot % names.length]!, labels, kind: 'gauge' }
  })
}

/** A point of every series at each of `times`, in batches of `size`: whole numbers, and fractions of four digits such as 0.4273. */
export function scrapes(series: readonly Series[], times: number, size: number): readonly MetricsBatch[] {
  const points = Array.from({ length: times }, (_, time) =>
    series.map((series, index) => ({ series, timeMs: startMs + time * intervalMs, value: reading(index, time) })),
  ).flat()
  return Array.from({ length: Math.ceil(points.length / size) }, (_, batch) => metrics(points.slice(batch * size, (batch + 1) * size)))
}

function reading(index: number, time: number): number {
  const spread = (index * 7919 + time * 104_729) % 10_000
  return index % 4 === 0 ? spread * 13 : spread / 10_000
}
