import { type Clock, type Log, toError } from '../../../sdk.ts'
import type { Span } from '../../collection/array-source.ts'
import { capabilitiesFor, type MeasuredType, type MeasureName, measures, measuresOf } from '../../model/measures.ts'
import type { MetricData } from '../../third-party/metric-data.ts'
import { type DiskCounts, diskCounts, increase, sumOf } from './disk-counts.ts'
import { diskNames } from './disks.ts'
import { mountsOf } from './filesystems.ts'
import type { Machine } from './machine.ts'
import { type Rates, ratesOf } from './rates.ts'

export const everyMs = 10_000
const retentionMs = 60 * 60_000

const counted = (type: MeasuredType): readonly MeasureName[] => measuresOf[type].filter((name) => !/cache|cpu/i.test(name))
const measured = { storage: counted('storage'), disk: counted('disk'), filesystem: counted('filesystem') } as const

export const linuxCapabilities = capabilitiesFor(measured, { historic: true, retentionSeconds: retentionMs / 1000 })

type Growing = MetricData & { readonly values: Record<string, number> }

interface Reading {
  readonly ms: number
  readonly counts: ReadonlyMap<string, DiskCounts>
}

interface Sample {
  readonly ms: number
  readonly type: keyof typeof measured
  readonly id: string
  readonly rates: Rates
}

/** Looks at the counters of the kernel every ten seconds, and keeps for an hour what came of it. */
export class Samples {
  readonly #machine: Machine
  readonly #clock: Clock
  readonly #ending = new AbortController()
  #kept: Sample[] = []
  #before: Reading | undefined
  #running: Promise<void> | undefined

  constructor(machine: Machine, clock: Clock) {
    this.#machine = machine
    this.#clock = clock
  }

  start(log: Log): void {
    this.#running ??= this.#run(log)
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#running
  }

  /** A metric for each measure of each disk and file system, and of the machine as a whole, that has a sample in that time. */
  during({ startMs, endMs }: Span): readonly MetricData[] {
    const found = new Map<string, Growing>()
    for (const { ms, type, id, rates } of this.#kept) {
      if (ms < startMs || ms >= endMs) continue
      for (const name of measured[type]) {
        const value = rates[name]
        if (value === undefined) continue
        const key = `${type} ${id} ${name}`
        const labels = { resource_type: type, resource_id: id, type: 'DERIVED', unit: measures[name].unit }
        const metric: Growing = found.get(key) ?? { name, labels, values: {} }
        metric.values[ms] = value
        found.set(key, metric)
      }
    }
    return [...found.values()]
  }

  async #run(log: Log): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      await this.#sample().catch((thrown) => log.warn('the counters of disks cannot be read', { error: toError(thrown) }))
      await this.#clock.sleep(everyMs, signal)
    }
  }

  async #sample(): Promise<void> {
    const ms = Math.round(this.#clock.now())
    const counts = diskCounts((await this.#machine.text('/proc/diskstats')) ?? '')
    const before = this.#before
    this.#before = { ms, counts }
    if (!before || ms <= before.ms) return
    const grown = (name: string) => {
      const [from, to] = [before.counts.get(name), counts.get(name)]
      return from && to && increase(from, to)
    }
    const disks = (await diskNames(this.#machine)).flatMap((id) => listed(grown(id), (increase) => ({ id, increase })))
    const mounts = (await mountsOf(this.#machine)).flatMap(({ device, counted }) =>
      listed(grown(counted), (increase) => ({ id: device, increase })),
    )
    const all = [
      { type: 'storage', id: 'storage', increase: sumOf(disks.map(({ increase }) => increase)) },
      ...disks.map((disk) => ({ type: 'disk', ...disk }) as const),
      ...mounts.map((mount) => ({ type: 'filesystem', ...mount }) as const),
    ] as const
    this.#kept = this.#kept.filter((sample) => sample.ms > ms - retentionMs)
    for (const { type, id, increase } of all) this.#kept.push({ ms, type, id, rates: ratesOf(increase, ms - before.ms) })
  }
}

const listed = <T, R>(value: T | undefined, make: (value: T) => R): readonly R[] => (value === undefined ? [] : [make(value)])
