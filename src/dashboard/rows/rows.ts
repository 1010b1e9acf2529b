import type { Group, Modes } from '../groups.ts'
import type { Scale } from '../scale.ts'
import { cpuRows } from './cpu-rows.ts'
import { gpuRows } from './gpu-rows.ts'
import { partIndent, type Row } from './row.ts'

/** The rows on the screen, from the top, for the metrics that there are and the modes that are set. Other metrics have none. */
export function rowsOf(metrics: Iterable<string>, modes: Modes): readonly Row[] {
  const names = new Set(metrics)
  const plain = (group: PlainGroup) => plainRows(group, modes[group]).filter(({ name }) => names.has(name))
  return [
    ...cpuRows(names, modes.cpu),
    ...plain('network'),
    ...gpuRows(names, modes.gpu),
    ...plain('disk'),
    ...plain('swap'),
    ...plain('ram'),
    ...plain('power'),
    ...plain('ane'),
  ]
}

type PlainGroup = Exclude<Group, 'cpu' | 'gpu'>

/** The whole of a group, its parts, or neither. */
function plainRows(group: PlainGroup, mode: Modes[PlainGroup]): readonly Row[] {
  if (mode === 'hide' || mode === 'off') return []
  const { main, parts = [] } = plainGroups[group]
  const row = ([name, title, scale]: Line, indent: number): Row => ({ name, group, title, indent, scale })
  return [...main.map((line) => row(line, 0)), ...(mode === 'all' ? parts.map((line) => row(line, partIndent)) : [])]
}

type Line = readonly [name: string, title: string, scale: Scale]

const plainGroups: Readonly<Record<PlainGroup, { readonly main: readonly Line[]; readonly parts?: readonly Line[] }>> = {
  network: {
    main: [
      ['network.total.rx.bytes_per_sec', 'network rx', 'bytes/s'],
      ['network.total.tx.bytes_per_sec', 'network tx', 'bytes/s'],
    ],
  },
  disk: {
    main: [
      ['disk.total.read.bytes_per_sec', 'disk read', 'bytes/s'],
      ['disk.total.write.bytes_per_sec', 'disk write', 'bytes/s'],
    ],
  },
  swap: { main: [['swap.total.used.bytes', 'swap used', 'bytes']] },
  ram: {
    main: [['memory.system.total.used.percent', 'RAM used %', 'percent']],
    parts: [
      ['memory.system.total.used.bytes', 'RAM used', 'bytes'],
      ['memory.system.mapped.bytes', 'RAM mapped', 'bytes'],
    ],
  },
  // Their names say watts; cubestat, which alone measures them, writes milliwatts.
  power: {
    main: [['power.component.total.consumption.watts', 'total power', 'milliwatts']],
    parts: [
      ['power.component.cpu.consumption.watts', 'CPU power', 'milliwatts'],
      ['power.component.gpu.consumption.watts', 'GPU power', 'milliwatts'],
      ['power.component.ane.consumption.watts', 'ANE power', 'milliwatts'],
    ],
  },
  ane: { main: [['accel.ane.utilization.percent', 'ANE util %', 'percent']] },
}
