import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseBootTime, parseCpus } from './cpu.ts'
import { parseDiskstats } from './disk.ts'
import { parseLoad, parseUptime } from './load.ts'
import { parseMeminfo } from './memory.ts'
import { parseNetDev } from './network.ts'
import type { CountsByName, MachineReader, ReaderOptions, Reading } from './reading.ts'

export interface LinuxReaderOptions extends ReaderOptions {
  readonly procPath: string
  readonly sysPath: string
}

/**
 * Reads Linux through /proc, each file once. Synchronously: these files are made in memory when they are read, which takes
 * microseconds, and handing them to another thread would cost more than reading them.
 */
export class LinuxReader implements MachineReader {
  readonly #options: LinuxReaderOptions
  #bootTimeMs: number | undefined
  #problem: string | undefined

  constructor(options: LinuxReaderOptions) {
    this.#options = options
  }

  read(): Reading {
    const { collect, wantsDevice, wantsInterface } = this.#options
    this.#problem = undefined
    const stat = this.#file('stat', collect.has('cpu') || this.#bootTimeMs === undefined)
    const meminfo = this.#file('meminfo', collect.has('memory') || collect.has('swap'))
    const diskstats = this.#file('diskstats', collect.has('disk'))
    const dev = this.#file('net/dev', collect.has('network'))
    const loadavg = this.#file('loadavg', collect.has('load'))
    const uptime = this.#file('uptime', collect.has('uptime'))

    if (stat !== undefined) this.#bootTimeMs ??= parseBootTime(stat)
    const ram = meminfo === undefined ? undefined : parseMeminfo(meminfo)
    const disks = diskstats === undefined ? undefined : only(parseDiskstats(diskstats), wantsDevice)
    return {
      bootTimeMs: this.#bootTimeMs,
      cpus: stat !== undefined && collect.has('cpu') ? parseCpus(stat) : undefined,
      memory: collect.has('memory') ? ram?.memory : undefined,
      swap: collect.has('swap') ? ram?.swap : undefined,
      disks,
      interfaces: dev === undefined ? undefined : only(parseNetDev(dev), wantsInterface),
      apart: new Set(['lo', ...(disks ? this.#stacked(disks.keys()) : [])]),
      load: loadavg === undefined ? undefined : parseLoad(loadavg),
      uptimeSeconds: uptime === undefined ? undefined : parseUptime(uptime),
    }
  }

  problem(): string | undefined {
    return this.#problem
  }

  #file(name: string, wanted: boolean): string | undefined {
    if (!wanted) return undefined
    const path = join(this.#options.procPath, name)
    try {
      return readFileSync(path, 'utf8')
    } catch (thrown) {
      this.#problem ??= `cannot read ${path} (${errorCode(thrown)}), so its metrics are missing; \`collect\` can leave them out`
      return undefined
    }
  }

  /** Disks made of others, such as LVM's and RAID's: what passes through them passes through those as well. */
  #stacked(disks: Iterable<string>): string[] {
    return [...disks].filter((disk) => {
      try {
        // Where a disk's name has a slash, its folder has an exclamation mark.
        return readdirSync(join(this.#options.sysPath, 'block', disk.replaceAll('/', '!'), 'slaves')).length > 0
      } catch {
        return false
      }
    })
  }
}

function only<Field extends string>(all: CountsByName<Field>, wanted: (name: string) => boolean): CountsByName<Field> {
  return new Map([...all].filter(([name]) => wanted(name)))
}

const errorCode = (thrown: unknown): string => (thrown as NodeJS.ErrnoException).code ?? String(thrown)
