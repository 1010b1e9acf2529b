import { WaybillError } from '../../../sdk.ts'

/** How many there are of what a made-up array consists of, where nobody says otherwise. */
const usual = {
  pools: 100,
  volumes: 2000,
  controllers: 5,
  ports: 10,
  disks: 100,
  filesystems: 10,
  qtrees: 100,
  quotas: 100,
  shares: 100,
  hosts: 5,
  initiators: 3,
  groups: 5,
  masking_views: 5,
} as const

/** `groups` are those of hosts, of ports and of volumes, each. */
export type Sizes = Readonly<Record<keyof typeof usual, number>>

const most = 100_000

/** The sizes among attributes of an array. Throws WaybillError `INVALID_OPTION` for one that is no whole number, or too large. */
export function sizesOf(attributes: Readonly<Record<string, string>> = {}): Sizes {
  const sizes: Record<string, number> = { ...usual }
  for (const name of Object.keys(usual)) {
    const given = attributes[name]
    if (given === undefined) continue
    sizes[name] = Number(given)
    if (!/^\d+$/.test(given) || sizes[name] > most)
      throw new WaybillError('INVALID_OPTION', `extra_attributes: ${name} is a whole number up to ${most}, not ${JSON.stringify(given)}`)
  }
  return sizes as Sizes
}
