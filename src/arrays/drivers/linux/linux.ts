import { createHash } from 'node:crypto'
import { hostname, release } from 'node:os'
import { type Clock, type Log, WaybillError } from '../../../sdk.ts'
import { type ArrayDevice, defineArrayDriver } from '../../driver.ts'
import type { DeviceDescription } from '../../model/resources.ts'
import { disksOf } from './disks.ts'
import { filesystemsOf } from './filesystems.ts'
import { type Machine, machineAt } from './machine.ts'
import { linuxCapabilities, Samples } from './samples.ts'

/**
 * The machine that Waybill runs on, as an array: its disks and file systems, and what goes on there. Address and credentials are asked for
 * as of every array, and used for nothing.
 */
export default defineArrayDriver({
  vendor: 'linux',
  model: 'host',
  summary: 'The disks and file systems of the machine that Waybill runs on.',
  connect({ host: { clock, log } }) {
    if (process.platform !== 'linux')
      throw new WaybillError('INVALID_OPTION', `this machine runs ${process.platform}, and the driver linux host reads /proc and /sys`)
    return linuxDevice(machineAt(), { clock, log })
  },
})

/** Looks at the machine from now on, until it is closed. */
export function linuxDevice(machine: Machine, { clock, log }: { readonly clock: Clock; readonly log: Log }): ArrayDevice {
  const samples = new Samples(machine, clock)
  samples.start(log)
  return {
    capabilities: linuxCapabilities,
    resources: { disks: () => disksOf(machine), filesystems: () => filesystemsOf(machine) },
    describe: () => describe(machine),
    async *measured(span) {
      yield samples.during(span)
    },
    alerts: async () => [],
    close: () => samples.stop(),
  }
}

async function describe(machine: Machine): Promise<DeviceDescription> {
  const [disks, filesystems] = await Promise.all([disksOf(machine), filesystemsOf(machine)])
  const [vendor, product, id] = await Promise.all(
    ['/sys/class/dmi/id/sys_vendor', '/sys/class/dmi/id/product_name', '/etc/machine-id'].map(machine.text),
  )
  const sum = <T>(all: readonly T[], of: (one: T) => number | null | undefined) => all.reduce((total, one) => total + (of(one) ?? 0), 0)
  return {
    name: hostname(),
    vendor: vendor || 'Linux',
    model: product || 'host',
    status: disks.some(({ status }) => status !== 'normal') ? 'degraded' : 'normal',
    serial_number: serialNumber(id || hostname()),
    firmware_version: release(),
    total_capacity: sum(filesystems, ({ total_capacity }) => total_capacity),
    used_capacity: sum(filesystems, ({ used_capacity }) => used_capacity),
    free_capacity: sum(filesystems, ({ free_capacity }) => free_capacity),
    raw_capacity: sum(disks, ({ capacity }) => capacity),
  }
}

/** The id of a machine is not to be told as it is: machine-id(5). */
const serialNumber = (id: string): string => createHash('sha256').update(`waybill ${id}`).digest('hex').slice(0, 32)
