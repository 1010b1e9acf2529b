import { amount, columns } from './columns.ts'
import type { Counts, CountsByName, CpuMode } from './reading.ts'

/** What /proc counts CPU time in: USER_HZ is 100 on every architecture that Node runs on. */
const tickMs = 10

/**
 * The CPUs that are online, from /proc/stat (proc_stat(5)): milliseconds by mode. Time of guests is not added, for it is in
 * `user` and `nice` already; `interrupt` is hard and soft interrupts. Lines without the four oldest columns are left out.
 */
export function parseCpus(stat: string): CountsByName<CpuMode> {
  const cpus = new Map<string, Counts<CpuMode>>()
  for (const line of stat.split('\n')) {
    if (!line.startsWith('cpu')) continue
    const [label = '', ...ticks] = columns(line)
    const number = label.slice(3)
    const [user, nice, system, idle, iowait, irq, softirq, steal] = ticks.map(milliseconds)
    if (amount(number) === undefined || user === undefined || nice === undefined || system === undefined || idle === undefined) continue
    const interrupt = irq === undefined || softirq === undefined ? undefined : irq + softirq
    cpus.set(number, { user, nice, system, idle, iowait, interrupt, steal })
  }
  return cpus
}

/** When the machine was started, from the same file: milliseconds since the epoch, whole seconds. */
export function parseBootTime(stat: string): number | undefined {
  const line = stat.split('\n').find((line) => line.startsWith('btime '))
  const seconds = amount(line?.slice('btime '.length))
  return seconds === undefined ? undefined : seconds * 1000
}

function milliseconds(ticks: string): number | undefined {
  const value = amount(ticks)
  return value === undefined ? undefined : value * tickMs
}
