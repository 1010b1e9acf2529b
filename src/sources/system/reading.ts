/** What one look at the machine found: plain numbers, undefined or missing where the machine did not tell. Nothing is compared yet. */
export interface Reading {
  /** The first that was told: the kernel works it out from two clocks, so it moves by a second now and then. */
  readonly bootTimeMs?: number | undefined
  /** By logical number; in milliseconds since boot. */
  readonly cpus?: CountsByName<CpuMode> | undefined
  readonly memory?: Memory | undefined
  readonly swap?: Swap | undefined
  /** By device; whole disks only, no partitions. */
  readonly disks?: CountsByName<DiskCount> | undefined
  readonly interfaces?: CountsByName<NetworkCount> | undefined
  /** Disks and interfaces that the totals leave out: loopback, and disks whose traffic is that of other disks here. */
  readonly apart?: ReadonlySet<string> | undefined
  readonly gpus?: Gpus | undefined
  /** Mean number of runnable and waiting tasks over 1, 5 and 15 minutes. */
  readonly load?: readonly [one: number, five: number, fifteen: number] | undefined
  readonly uptimeSeconds?: number | undefined
}

/** Reads the machine that it runs on. */
export interface MachineReader {
  read(): Reading | Promise<Reading>
  /** What could not be read the last time, for people. */
  problem(): string | undefined
}

export const areas = ['cpu', 'memory', 'swap', 'disk', 'network', 'gpu', 'load', 'uptime'] as const
export type Area = (typeof areas)[number]

export interface ReaderOptions {
  readonly collect: ReadonlySet<Area>
  /** Which disks and interfaces to report. */
  wantsDevice(name: string): boolean
  wantsInterface(name: string): boolean
}

/** Counters that only grow while the machine runs. */
export type Counts<Field extends string> = { readonly [field in Field]?: number | undefined }
export type CountsByName<Field extends string> = ReadonlyMap<string, Counts<Field>>

export const cpuModes = ['user', 'nice', 'system', 'idle', 'iowait', 'interrupt', 'steal'] as const
export type CpuMode = (typeof cpuModes)[number]

export type DiskCount = 'readBytes' | 'writtenBytes' | 'reads' | 'writes'

export type NetworkCount = 'receivedBytes' | 'transmittedBytes' | 'receiveErrors' | 'transmitErrors' | 'receiveDropped' | 'transmitDropped'

/** Bytes. */
export interface Memory {
  readonly total: number | undefined
  /** What programs could get without swapping. */
  readonly available: number | undefined
  readonly free: number | undefined
  readonly buffers?: number | undefined
  readonly cached?: number | undefined
  /** Files mapped into programs. */
  readonly mapped?: number | undefined
}

/** Bytes. */
export interface Swap {
  readonly total: number | undefined
  readonly free: number | undefined
}

export interface Gpus {
  /** How many the tools named the last time; undefined until each has been asked. */
  readonly count: number | undefined
  /** Those measured since the last reading. */
  readonly measured: readonly Gpu[]
}

export interface Gpu {
  readonly vendor: 'nvidia' | 'amd'
  /** As its tool numbers it. */
  readonly index: string
  readonly utilizationPercent: number | undefined
  readonly memoryUsedBytes: number | undefined
  readonly memoryTotalBytes: number | undefined
}
