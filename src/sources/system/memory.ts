import { amount, columns } from './columns.ts'
import type { Memory, Swap } from './reading.ts'

/** Memory and swap from /proc/meminfo (proc_meminfo(5)), whose "kB" are 1024 bytes. */
export function parseMeminfo(meminfo: string): { memory: Memory; swap: Swap } {
  const bytes = new Map<string, number>()
  for (const line of meminfo.split('\n')) {
    const colon = line.indexOf(':')
    const kibibytes = amount(columns(line.slice(colon + 1))[0])
    if (colon > 0 && kibibytes !== undefined) bytes.set(line.slice(0, colon), kibibytes * 1024)
  }
  return {
    memory: {
      total: bytes.get('MemTotal'),
      available: bytes.get('MemAvailable'),
      free: bytes.get('MemFree'),
      buffers: bytes.get('Buffers'),
      cached: bytes.get('Cached'),
      mapped: bytes.get('Mapped'),
    },
    swap: { total: bytes.get('SwapTotal'), free: bytes.get('SwapFree') },
  }
}
