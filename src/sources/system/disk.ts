import { amount, columns } from './columns.ts'
import type { Counts, CountsByName, DiskCount } from './reading.ts'

/** What the kernel calls a sector here, whatever the device's own is. */
const sectorBytes = 512

/** The whole disks in /proc/diskstats (proc_diskstats(5)). Lines without numbers in the columns read here are left out. */
export function parseDiskstats(diskstats: string): CountsByName<DiskCount> {
  const lines = diskstats.split('\n').map(columns)
  const names = new Set(lines.map((line) => line[2] ?? ''))
  const disks = new Map<string, Counts<DiskCount>>()
  for (const [, , name, ...counts] of lines) {
    const [reads, , sectorsRead, , writes, , sectorsWritten] = counts.map(amount)
    if (name === undefined || isPartition(name, names)) continue
    if (reads === undefined || sectorsRead === undefined || writes === undefined || sectorsWritten === undefined) continue
    disks.set(name, { readBytes: sectorsRead * sectorBytes, writtenBytes: sectorsWritten * sectorBytes, reads, writes })
  }
  return disks
}

/**
 * The kernel names a partition by its disk and a number, with a `p` between them where the disk's name ends in a digit
 * (sda1, nvme0n1p1), and lists the disk as well. Told by the names alone, it holds without /sys.
 */
function isPartition(name: string, names: ReadonlySet<string>): boolean {
  let end = name.length
  while (isDigit(name[end - 1])) end--
  const disk = name.slice(0, name[end - 1] === 'p' && isDigit(name[end - 2]) ? end - 1 : end)
  return end < name.length && names.has(disk)
}

const isDigit = (character: string | undefined): boolean => character !== undefined && character >= '0' && character <= '9'
