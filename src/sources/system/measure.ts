import { share } from './arithmetic.ts'
import { type Counts, type CountsByName, type CpuMode, cpuModes, type DiskCount, type NetworkCount, type Reading } from './reading.ts'

/** A reading beside the one before it. */
export interface Measurement extends Omit<Reading, 'cpus' | 'disks' | 'interfaces'> {
  readonly timeMs: number
  readonly monotonicMs: number
  /** Since the reading before, as measured; undefined for the first. */
  readonly elapsedMs: number | undefined
  readonly cpus: MeasuredByName<CpuMode>
  readonly disks: MeasuredByName<DiskCount>
  readonly interfaces: MeasuredByName<NetworkCount>
}

/** A counter and what has become of it since the reading before. */
export interface MeasuredCount {
  readonly value: number
  /** When it began at 0, as far as it is known: at boot, or since it was last seen to have begun anew. */
  readonly startTimeMs: number | undefined
  /** How much it has grown; `first` where it was not there before, `reset` where it was higher. */
  readonly growth: number | 'first' | 'reset'
}

export type Measured<Field extends string> = { readonly [field in Field]?: MeasuredCount }
export type MeasuredByName<Field extends string> = ReadonlyMap<string, Measured<Field>>

/** The kernel's CPU times, idle and iowait above all, may step back a little without having begun anew (proc_stat(5)). */
const cpuSlackMs = 3000

export function measure(reading: Reading, at: { timeMs: number; monotonicMs: number }, before?: Measurement): Measurement {
  const times = { bootTimeMs: reading.bootTimeMs, beforeMs: before?.timeMs }
  return {
    ...reading,
    ...at,
    elapsedMs: before && at.monotonicMs - before.monotonicMs,
    cpus: compare(reading.cpus, before?.cpus, { ...times, slack: cpuSlackMs }),
    disks: compare(reading.disks, before?.disks, times),
    interfaces: compare(reading.interfaces, before?.interfaces, times),
  }
}

interface Times {
  readonly bootTimeMs: number | undefined
  readonly beforeMs: number | undefined
  /** How far a counter may be lower than before and still count as unchanged. */
  readonly slack?: number
}

function compare<Field extends string>(
  now: CountsByName<Field> | undefined,
  before: MeasuredByName<Field> | undefined,
  times: Times,
): MeasuredByName<Field> {
  const compared = new Map<string, Measured<Field>>()
  for (const [name, counts] of now ?? []) compared.set(name, compareCounts(counts, before?.get(name), times))
  return compared
}

function compareCounts<Field extends string>(now: Counts<Field>, before: Measured<Field> | undefined, times: Times): Measured<Field> {
  const compared: { [field in Field]?: MeasuredCount } = {}
  for (const field in now) {
    const value = now[field]
    if (value !== undefined) compared[field] = compareCount(value, before?.[field], times)
  }
  return compared
}

function compareCount(value: number, before: MeasuredCount | undefined, { bootTimeMs, beforeMs, slack = 0 }: Times): MeasuredCount {
  if (!before) return { value, startTimeMs: bootTimeMs, growth: 'first' }
  if (value >= before.value) return { value, startTimeMs: before.startTimeMs, growth: value - before.value }
  if (before.value - value <= slack) return { ...before, growth: 0 }
  return { value, startTimeMs: beforeMs, growth: 'reset' }
}

/** `growth` a second; undefined when it is not known or no time has passed. */
export const perSecond = (growth: MeasuredCount['growth'] | undefined, elapsedMs: number | undefined): number | undefined =>
  typeof growth === 'number' && elapsedMs !== undefined && elapsedMs > 0 ? (growth * 1000) / elapsedMs : undefined

/**
 * The growth of all together that are not `apart`. One that appears counts from its second reading; undefined when none
 * was there before, or one began anew, since nobody knows then how much passed.
 */
export function totalGrowth<Field extends string>(
  counts: MeasuredByName<Field>,
  field: Field,
  apart: ReadonlySet<string> = new Set(),
): number | undefined {
  let total: number | undefined
  for (const [name, measured] of counts) {
    const growth = apart.has(name) ? undefined : measured[field]?.growth
    if (growth === 'reset') return undefined
    if (typeof growth === 'number') total = (total ?? 0) + growth
  }
  return total
}

/** The part of its time that a CPU was busy, from 0 to `of`: all but idle and waiting for I/O. Undefined when that is not known. */
export function busyShare(cpu: Measured<CpuMode>, of = 1): number | undefined {
  let all = 0
  let unused = 0
  for (const mode of cpuModes) {
    const growth = cpu[mode]?.growth ?? 0
    if (typeof growth === 'string') return undefined
    all += growth
    if (mode === 'idle' || mode === 'iowait') unused += growth
  }
  return share(all - unused, all, of)
}
