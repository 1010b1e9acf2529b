import type { MeasureName } from '../../model/measures.ts'
import type { DiskCounts } from './disk-counts.ts'

export type Rates = Readonly<Partial<Record<MeasureName, number>>>

/** MB and KB are 1,000,000 and 1,000 bytes. */
const megabyte = 1e6
const kilobyte = 1e3

/** What was counted in so many milliseconds, as measures. How long and how large operations are is left out where there were none. */
export function ratesOf({ reads, readBytes, readMs, writes, writtenBytes, writeMs }: DiskCounts, elapsedMs: number): Rates {
  const perSecond = (count: number) => (count * 1000) / elapsedMs
  const all = reads + writes
  return {
    iops: perSecond(all),
    readIops: perSecond(reads),
    writeIops: perSecond(writes),
    throughput: perSecond(readBytes + writtenBytes) / megabyte,
    readThroughput: perSecond(readBytes) / megabyte,
    writeThroughput: perSecond(writtenBytes) / megabyte,
    ...(all > 0 && { responseTime: (readMs + writeMs) / all, ioSize: (readBytes + writtenBytes) / all / kilobyte }),
    ...(reads > 0 && { readResponseTime: readMs / reads, readIoSize: readBytes / reads / kilobyte }),
    ...(writes > 0 && { writeResponseTime: writeMs / writes, writeIoSize: writtenBytes / writes / kilobyte }),
  }
}
