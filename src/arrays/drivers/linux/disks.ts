import type { Resource } from '../../model/resources.ts'
import type { Machine } from './machine.ts'
import { smartOf } from './smart.ts'

type Disk = Resource<'disks'>

const sectorBytes = 512

/** Names of what is a device, not made of others or of memory as dm, md, loop and zram are, and holds something. */
export async function diskNames(machine: Machine): Promise<readonly string[]> {
  const names = await machine.list('/sys/block')
  const holding = await Promise.all(names.map(async (name) => (await isDevice(machine, name)) && (await capacityOf(machine, name)) > 0))
  return names.filter((_, index) => holding[index]).sort()
}

const isDevice = async (machine: Machine, name: string): Promise<boolean> => (await machine.list(`/sys/block/${name}/device`)).length > 0

const capacityOf = async (machine: Machine, name: string): Promise<number> =>
  Number((await machine.text(`/sys/block/${name}/size`)) ?? 0) * sectorBytes

/** The disks, by what the kernel tells in /sys and, where smartctl is installed and may read them, by what they tell themselves. */
export async function disksOf(machine: Machine): Promise<readonly Disk[]> {
  return Promise.all((await diskNames(machine)).map((name) => diskOf(machine, name)))
}

async function diskOf(machine: Machine, name: string): Promise<Disk> {
  const file = async (path: string) => (await machine.text(`/sys/block/${name}/${path}`))?.trim() || undefined
  const [vendor, model, revision, firmware, serial, ownSerial, state, rotational] = await Promise.all(
    [
      'device/vendor',
      'device/model',
      'device/rev',
      'device/firmware_rev',
      'serial',
      'device/serial',
      'device/state',
      'queue/rotational',
    ].map(file),
  )
  const smart = await smartOf(machine, name)
  return {
    native_disk_id: name,
    name: `/dev/${name}`,
    physical_type: typeOf(name, rotational),
    logical_type: 'member',
    status: smart?.passed === false ? 'abnormal' : state === 'offline' ? 'offline' : 'normal',
    // Of a virtual disk it is the number of the maker of a made-up bus.
    manufacturer: vendor?.startsWith('0x') ? null : vendor,
    model: smart?.model ?? model,
    serial_number: smart?.serial ?? serial ?? ownSerial,
    firmware: smart?.firmware ?? firmware ?? revision,
    speed: smart?.rotationsPerMinute,
    capacity: await capacityOf(machine, name),
    health_score: smart?.healthScore,
  }
}

function typeOf(name: string, rotational: string | undefined): NonNullable<Disk['physical_type']> {
  if (name.startsWith('nvme')) return 'nvme-ssd'
  if (/^(vd|xvd)/.test(name)) return 'vmdisk'
  if (rotational === undefined) return 'unknown'
  return rotational === '0' ? 'ssd' : 'hdd'
}
