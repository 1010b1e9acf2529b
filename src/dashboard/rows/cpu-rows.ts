import type { Modes } from '../groups.ts'
import { partIndent, type Row } from './row.ts'

interface Cluster {
  readonly name: string
  readonly cores: { readonly number: number; readonly name: string }[]
  total?: string
}

/** Clusters by their lowest core, each with its mean and its cores. Machines other than Apple's have one, named Cpu. */
export function cpuRows(names: Iterable<string>, mode: Modes['cpu']): Row[] {
  const sorted = [...clustersOf(names)].sort((a, b) => lowest(a) - lowest(b))
  return sorted.flatMap(({ name, cores, total }) => [
    ...(total !== undefined && mode !== 'by_core' ? [row(total, `[${cores.length}] ${name} total CPU util %`, 0)] : []),
    ...(mode === 'by_cluster'
      ? []
      : cores.map((core) => row(core.name, `${name} CPU ${core.number} util %`, mode === 'all' ? partIndent : 0))),
  ])
}

/** `by_cluster` from this many cores on, where nothing else is asked for: more rows than that fit no screen. */
const manyCores = 20

export function usualCpuMode(names: Iterable<string>): Modes['cpu'] {
  return cpuRows(names, 'by_core').length < manyCores ? 'all' : 'by_cluster'
}

const metric = /^cpu\.([a-z]+)\.(\d+)\.(?:total|core\.(\d+))\.utilization\.percent$/

function clustersOf(names: Iterable<string>): Iterable<Cluster> {
  const clusters = new Map<string, Cluster>()
  for (const name of names) {
    const [, type, index, core] = metric.exec(name) ?? []
    if (type === undefined) continue
    const key = `${type}.${index}`
    const cluster = clusters.get(key) ?? { name: titleOf(type, index!), cores: [] }
    clusters.set(key, cluster)
    if (core === undefined) cluster.total = name
    else cluster.cores.push({ number: Number(core), name })
  }
  for (const { cores } of clusters.values()) cores.sort((a, b) => a.number - b.number)
  return clusters.values()
}

/** `Efficiency`, and `Efficiency 1` for the second of that type. */
const titleOf = (type: string, index: string): string => `${type[0]!.toUpperCase()}${type.slice(1)}${index === '0' ? '' : ` ${index}`}`

/** A number also where there are no cores: infinities cannot be compared by their difference. */
const lowest = ({ cores }: Cluster): number => cores[0]?.number ?? Number.MAX_SAFE_INTEGER

const row = (name: string, title: string, indent: number): Row => ({ name, group: 'cpu', title, indent, scale: 'percent' })
