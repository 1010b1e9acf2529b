import type { Span } from '../../collection/array-source.ts'
import { capabilitiesFor, type MeasuredType, type MeasureName, measures } from '../../model/measures.ts'
import type { MetricData } from '../../third-party/metric-data.ts'
import { chance, numberOf } from './chance.ts'
import type { Sizes } from './sizes.ts'

const operations: readonly MeasureName[] = ['iops', 'readIops', 'writeIops', 'throughput', 'readThroughput', 'writeThroughput']
const ioSizes: readonly MeasureName[] = ['ioSize', 'readIoSize', 'writeIoSize']
const hitRatios: readonly MeasureName[] = ['cacheHitRatio', 'readCacheHitRatio', 'writeCacheHitRatio']
const directions: readonly MeasureName[] = ['readResponseTime', 'writeResponseTime']

const measured = {
  storage: [...operations, 'responseTime', ...directions],
  storagePool: [...operations, 'responseTime'],
  volume: [...operations, 'responseTime', ...directions, ...hitRatios, ...ioSizes],
  controller: [...operations, 'responseTime', 'cpuUsage'],
  port: [...operations, 'responseTime'],
  disk: [...operations, 'responseTime'],
  filesystem: [...operations, ...directions, ...ioSizes],
} as const satisfies Readonly<Record<MeasuredType, readonly MeasureName[]>>

/** It tells of any time in the last 75 minutes. */
export const fakeCapabilities = capabilitiesFor(measured, { historic: false, retentionSeconds: 4500 })

/** So often a made-up array measures, at whole minutes. */
const everyMs = 60_000
const portion = 500

/** What a made-up array measures: anything from 1 to 100, for the same time the same whenever it is asked. */
export class FakeMeasures {
  readonly #all: readonly { readonly name: MeasureName; readonly labels: Readonly<Record<string, string>>; readonly seed: number }[]

  constructor(sizes: Sizes, seed: number) {
    const many: Readonly<Record<MeasuredType, number>> = {
      storage: 1,
      storagePool: sizes.pools,
      volume: sizes.volumes,
      controller: sizes.controllers,
      port: sizes.ports,
      disk: sizes.disks,
      filesystem: sizes.filesystems,
    }
    this.#all = (Object.keys(measured) as MeasuredType[]).flatMap((type) =>
      Array.from({ length: many[type] }, (_, index) => `${type}_${index}`).flatMap((id) =>
        measured[type].map((name) => ({
          name,
          labels: { resource_type: type, resource_id: id, type: 'RAW', unit: measures[name].unit },
          seed: seed ^ numberOf(`${id} ${name}`),
        })),
      ),
    )
  }

  *during({ startMs, endMs }: Span): Generator<readonly MetricData[]> {
    const times: number[] = []
    for (let ms = Math.ceil(startMs / everyMs) * everyMs; ms < endMs; ms += everyMs) times.push(ms)
    for (let from = 0; times.length > 0 && from < this.#all.length; from += portion)
      yield this.#all.slice(from, from + portion).map(({ name, labels, seed }) => {
        const values: Record<string, number> = {}
        for (const ms of times) values[ms] = 1 + 99 * chance(seed, ms / everyMs)
        return { name, labels, values }
      })
  }
}
