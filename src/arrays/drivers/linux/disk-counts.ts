/** What the kernel has counted of a disk or a partition since it booted. */
export interface DiskCounts {
  readonly reads: number
  readonly readBytes: number
  /** Milliseconds that all reads together have taken. */
  readonly readMs: number
  readonly writes: number
  readonly writtenBytes: number
  readonly writeMs: number
}

/** What the kernel calls a sector here, whatever the device’s own is. */
const sectorBytes = 512

/** By the names of disks and partitions what stands in /proc/diskstats (proc_diskstats(5)). Lines that are short or no numbers are left out. */
export function diskCounts(diskstats: string): ReadonlyMap<string, DiskCounts> {
  const found = new Map<string, DiskCounts>()
  for (const line of diskstats.split('\n')) {
    const [, , name, ...numbers] = line.trim().split(/\s+/)
    const [reads, , sectorsRead, readMs, writes, , sectorsWritten, writeMs] = numbers.map(Number)
    const counts = [reads, sectorsRead, readMs, writes, sectorsWritten, writeMs]
    if (name === undefined || counts.some((count) => count === undefined || !Number.isFinite(count))) continue
    found.set(name, {
      reads: reads!,
      readBytes: sectorsRead! * sectorBytes,
      readMs: readMs!,
      writes: writes!,
      writtenBytes: sectorsWritten! * sectorBytes,
      writeMs: writeMs!,
    })
  }
  return found
}

/** What was counted between two times; undefined where the counters have begun anew. */
export function increase(from: DiskCounts, to: DiskCounts): DiskCounts | undefined {
  const grown = {} as Record<keyof DiskCounts, number>
  for (const key of Object.keys(to) as (keyof DiskCounts)[]) {
    grown[key] = to[key] - from[key]
    if (grown[key] < 0) return undefined
  }
  return grown
}

/** Several disks as one. */
export function sumOf(all: readonly DiskCounts[]): DiskCounts {
  const sum = { reads: 0, readBytes: 0, readMs: 0, writes: 0, writtenBytes: 0, writeMs: 0 }
  for (const counts of all) for (const key of Object.keys(sum) as (keyof DiskCounts)[]) sum[key] += counts[key]
  return sum
}
