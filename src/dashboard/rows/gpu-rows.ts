import type { Modes } from '../groups.ts'
import { partIndent, type Row } from './row.ts'

interface Device {
  readonly vendor: string
  readonly number: number
  load?: string
  vram?: string
}

const meanOfAll = 'gpu.total.utilization.percent'
const metric = /^gpu\.([a-z]+)\.(\d+)\.(utilization|memory\.used)\.percent$/

/** The mean where there is more than one GPU, then each. A single one stands for itself, also when they are collapsed. */
export function gpuRows(names: ReadonlySet<string>, mode: Modes['gpu']): Row[] {
  const devices = devicesOf(names)
  const several = devices.length > 1
  const total = several && names.has(meanOfAll) ? [row(meanOfAll, `[${devices.length}] Total GPU util %`, 0)] : []
  if (mode === 'collapsed' && total.length > 0) return total
  const indent = several ? partIndent : 0
  return [
    ...total,
    ...devices.flatMap((device) => [
      ...(device.load !== undefined ? [row(device.load, `${titleOf(device)} util %`, indent)] : []),
      ...(device.vram !== undefined && mode === 'load_and_vram' ? [row(device.vram, `${titleOf(device)} vram used %`, indent)] : []),
    ]),
  ]
}

function devicesOf(names: Iterable<string>): readonly Device[] {
  const devices = new Map<string, Device>()
  for (const name of names) {
    const [, vendor, number, what] = metric.exec(name) ?? []
    if (vendor === undefined) continue
    const key = `${vendor}.${number}`
    const device = devices.get(key) ?? { vendor, number: Number(number) }
    devices.set(key, device)
    if (what === 'utilization') device.load = name
    else device.vram = name
  }
  return [...devices.values()].sort((a, b) => (a.vendor === b.vendor ? a.number - b.number : a.vendor < b.vendor ? -1 : 1))
}

/** Apple's machines have one, with no number to it. */
const titleOf = ({ vendor, number }: Device): string => (vendor === 'apple' ? 'GPU' : `${vendor.toUpperCase()} GPU ${number}`)

const row = (name: string, title: string, indent: number): Row => ({ name, group: 'gpu', title, indent, scale: 'percent' })
