import type { Window } from '../../core/index.ts'
import { specialNames } from '../allocation.ts'
import { type AllocationRecord, allocationText, nextMinute } from './allocation-record.ts'
import { type Cluster, clusterName } from './cluster.ts'
import { nothing, type Properties, together, type Workload, workloads } from './usage.ts'

/** A question as the server takes it. */
export interface AllocationRequest {
  /** A set for each. */
  readonly windows: readonly Window[]
  readonly aggregate: readonly string[]
  readonly includeIdle: boolean
  readonly shareIdle: boolean
  readonly nowMs: number
}

/** How much idle capacity there is to each bit that is in use. */
const idlePart = 0.25

/** The levels that the server knows beside the cluster; others it drops without a word, as OpenCost does. */
const levels: Readonly<Record<string, keyof Properties>> = {
  node: 'node',
  namespace: 'namespace',
  controller: 'controller',
  controllerKind: 'controllerKind',
  pod: 'pod',
  container: 'container',
  'label:app': 'app',
}

/** The text of a reply, in pieces. With containers among the levels it takes no more memory for more of them. */
export function* allocationReply(cluster: Cluster, request: AllocationRequest): Generator<string> {
  yield '{"code":200,"status":"success","data":['
  for (const [index, window] of request.windows.entries()) {
    yield index === 0 ? '{' : ',{'
    let separator = ''
    for (const record of recordsOf(cluster, request, window)) {
      yield `${separator}${JSON.stringify(record.name)}:${allocationText(record)}`
      separator = ','
    }
    yield '}'
  }
  yield ']}\n'
}

function* recordsOf(cluster: Cluster, request: AllocationRequest, window: Window): Generator<AllocationRecord> {
  const end = new Date(Math.min(window.end.getTime(), nextMinute(request.nowMs)))
  const hours = (end.getTime() - window.start.getTime()) / 3_600_000
  // Of a time to come there is nothing.
  if (hours <= 0) return
  const same = { window, ran: { start: window.start, end }, idleShare: request.shareIdle ? idlePart : 0 }
  const aggregate = request.aggregate.filter((level) => level === 'cluster' || Object.hasOwn(levels, level))
  const nameOf = (properties: Partial<Properties>) =>
    aggregate.map((level) => (level === 'cluster' ? clusterName : properties[levels[level]!]) || specialNames.unallocated).join('/')

  let all = nothing(hours)
  const groups = new Map<string, { properties: Partial<Properties>; usage: Workload['usage'] }>()
  for (const { properties, usage } of workloads(cluster, hours)) {
    all = together(all, usage)
    const name = nameOf(properties)
    const group = groups.get(name)
    // No two containers have one name, so there is nothing to wait for.
    if (aggregate.includes('container')) yield { ...same, name, properties, usage }
    else
      groups.set(
        name,
        group ? { properties: common(group.properties, properties), usage: together(group.usage, usage) } : { properties, usage },
      )
  }
  for (const [name, group] of groups) yield { ...same, name, ...group }
  if (request.includeIdle && !request.shareIdle)
    yield {
      ...same,
      name: specialNames.idle,
      properties: {},
      usage: { ...nothing(hours), cpuHours: all.cpuHours * idlePart, ramHours: all.ramHours * idlePart },
    }
}

const common = (a: Partial<Properties>, b: Properties): Partial<Properties> =>
  Object.fromEntries(Object.entries(a).filter(([name, value]) => b[name as keyof Properties] === value))
