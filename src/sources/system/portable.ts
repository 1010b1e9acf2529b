import os from 'node:os'
import type { Counts, CpuMode, DiskCount, MachineReader, NetworkCount, ReaderOptions, Reading } from './reading.ts'

/** What is used of the library `systeminformation`; what a platform does not have, it answers with null. */
export interface SystemInformation {
  mem(): Promise<{ total: number; available: number; free: number; swaptotal: number; swapfree: number }>
  /** Bytes since boot, of all disks together. */
  fsStats(): Promise<{ rx: number; wx: number } | null>
  /** Operations since boot, of all disks together. */
  disksIO(): Promise<{ rIO: number; wIO: number } | null>
  networkStats(interfaces: '*'): Promise<readonly Traffic[]>
}

interface Traffic {
  readonly iface: string
  readonly rx_bytes: number
  readonly tx_bytes: number
  readonly rx_errors: number
  readonly tx_errors: number
  readonly rx_dropped: number
  readonly tx_dropped: number
}

export interface PortableReaderOptions extends ReaderOptions {
  /** Default: imports the library. */
  load?(): Promise<SystemInformation>
}

/** The name that all disks together go by: the library does not tell them apart. */
const allDisks = 'all'
const loopback = /^lo\d*$|loopback/i

/** Reads macOS and Windows, through `systeminformation` and Node itself. */
export class PortableReader implements MachineReader {
  readonly #options: PortableReaderOptions
  readonly #bootTimeMs = Math.round(Date.now() / 1000 - os.uptime()) * 1000

  constructor(options: PortableReaderOptions) {
    this.#options = options
  }

  async read(): Promise<Reading> {
    const { collect, wantsDevice, wantsInterface, load = importLibrary } = this.#options
    const library = await load()
    const [memory, bytes, operations, traffic] = await Promise.all([
      collect.has('memory') || collect.has('swap') ? library.mem() : undefined,
      collect.has('disk') ? library.fsStats() : null,
      collect.has('disk') ? library.disksIO() : null,
      collect.has('network') ? library.networkStats('*') : [],
    ])
    const wanted = traffic.filter(({ iface }) => wantsInterface(iface))
    const [one = 0, five = 0, fifteen = 0] = os.loadavg()
    return {
      bootTimeMs: this.#bootTimeMs,
      cpus: collect.has('cpu') ? new Map(os.cpus().map((cpu, number) => [String(number), cpuTimes(cpu)])) : undefined,
      memory: collect.has('memory') && memory ? { total: memory.total, available: memory.available, free: memory.free } : undefined,
      swap: collect.has('swap') && memory ? { total: memory.swaptotal, free: memory.swapfree } : undefined,
      disks: (bytes || operations) && wantsDevice(allDisks) ? new Map([[allDisks, diskCounts(bytes, operations)]]) : undefined,
      interfaces: new Map(wanted.map((one) => [one.iface, networkCounts(one)])),
      apart: new Set(wanted.map(({ iface }) => iface).filter((name) => loopback.test(name))),
      load: collect.has('load') && process.platform !== 'win32' ? [one, five, fifteen] : undefined,
      uptimeSeconds: collect.has('uptime') ? os.uptime() : undefined,
    }
  }

  problem(): undefined {
    return undefined
  }
}

/** Without interrupts: Windows counts them in `sys`, macOS does not count them. */
const cpuTimes = ({ times: { user, nice, sys, idle } }: os.CpuInfo): Counts<CpuMode> => ({ user, nice, system: sys, idle })

const diskCounts = (bytes: { rx: number; wx: number } | null, operations: { rIO: number; wIO: number } | null): Counts<DiskCount> => ({
  readBytes: bytes?.rx,
  writtenBytes: bytes?.wx,
  reads: operations?.rIO,
  writes: operations?.wIO,
})

const networkCounts = (traffic: Traffic): Counts<NetworkCount> => ({
  receivedBytes: traffic.rx_bytes,
  transmittedBytes: traffic.tx_bytes,
  receiveErrors: traffic.rx_errors,
  transmitErrors: traffic.tx_errors,
  receiveDropped: traffic.rx_dropped,
  transmitDropped: traffic.tx_dropped,
})

const importLibrary = async (): Promise<SystemInformation> => (await import('systeminformation')).default
