import { basename } from 'node:path'
import type { Resource } from '../../model/resources.ts'
import type { Machine } from './machine.ts'

/** A file system on a device of this machine, at the first place that it is mounted at. */
export interface Mount {
  /** `/dev/sda1` */
  readonly device: string
  /** As the kernel counts it: `sda1`, `dm-0`. */
  readonly counted: string
  readonly path: string
}

/** File systems that have a device. Those of other machines are left out: asking one that is away would never end. */
export async function mountsOf(machine: Machine): Promise<readonly Mount[]> {
  const [mounts = '', kinds = ''] = await Promise.all(['/proc/mounts', '/proc/filesystems'].map(machine.text))
  const without = new Set([...kinds.matchAll(/^nodev\s+(\S+)/gm)].map(([, kind]) => kind))
  const found = new Map<string, string>()
  for (const line of mounts.split('\n')) {
    const [device = '', path = '', kind = ''] = line.split(' ')
    if (device.startsWith('/dev/') && !without.has(kind) && !found.has(device)) found.set(device, unescaped(path))
  }
  return Promise.all([...found].map(async ([device, path]) => ({ device, path, counted: basename(await machine.real(device)) })))
}

/** White space and backslashes stand there as three octal digits: getmntent(3). */
const unescaped = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

/** The file systems with what is used of them; those that cannot be asked are left out. */
export async function filesystemsOf(machine: Machine): Promise<readonly Resource<'filesystems'>[]> {
  const all = await Promise.all(
    (await mountsOf(machine)).map(async ({ device, path }) => {
      const space = await machine.space(path)
      return space && { device, path, space }
    }),
  )
  return all
    .filter((found) => found !== undefined)
    .map(({ device, path, space: { total, used, free } }) => ({
      native_filesystem_id: device,
      name: path,
      type: 'thick',
      status: 'normal',
      security_mode: 'unix',
      total_capacity: total,
      used_capacity: used,
      free_capacity: free,
    }))
}
