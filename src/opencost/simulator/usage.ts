import { type Cluster, claimGib, gib, type Pod, prices } from './cluster.ts'

/** What was used over a window; it can be added up. */
export interface Usage {
  readonly hours: number
  readonly cpuRequestHours: number
  readonly cpuUsageHours: number
  readonly cpuHours: number
  readonly ramRequestHours: number
  readonly ramUsageHours: number
  readonly ramHours: number
  readonly gpuHours: number
  readonly networkCost: number
  readonly pvCost: number
}

/** The properties that allocations may have; empty ones are left out. */
export interface Properties {
  readonly node: string
  readonly namespace: string
  readonly controller: string
  readonly controllerKind: string
  readonly pod: string
  readonly container: string
  readonly app: string
}

export interface Workload {
  readonly properties: Properties
  readonly usage: Usage
}

/** What every container of the cluster used in `hours`, one after another. */
export function* workloads(cluster: Cluster, hours: number): Generator<Workload> {
  for (let index = 0; index < cluster.size.pods; index++) {
    const { containers, ...pod } = cluster.pod(index)
    for (const [at, container] of containers.entries()) {
      const { name, cpuRequest, cpuUsage, ramRequest, ramUsage, gpus } = container
      const usage: Usage = {
        hours,
        cpuRequestHours: cpuRequest * hours,
        cpuUsageHours: cpuUsage * hours,
        // Paid for is what was asked for, or used where that is more.
        cpuHours: Math.max(cpuRequest, cpuUsage) * hours,
        ramRequestHours: ramRequest * hours,
        ramUsageHours: ramUsage * hours,
        ramHours: Math.max(ramRequest, ramUsage) * hours,
        gpuHours: gpus * hours,
        networkCost: at === 0 ? cpuUsage * hours * 0.001 : 0,
        pvCost: at === 0 && pod.controllerKind === 'statefulset' ? claimGib * prices.diskGiB * hours : 0,
      }
      yield { properties: { ...propertiesOf(pod), container: name }, usage }
    }
  }
}

const propertiesOf = ({ node, namespace, controller, controllerKind, pod, app }: Omit<Pod, 'containers'>) => ({
  node,
  namespace,
  controller,
  controllerKind,
  pod,
  app,
})

/** The sum of both, over the hours of the first. */
export const together = (a: Usage, b: Usage): Usage => ({
  hours: a.hours,
  cpuRequestHours: a.cpuRequestHours + b.cpuRequestHours,
  cpuUsageHours: a.cpuUsageHours + b.cpuUsageHours,
  cpuHours: a.cpuHours + b.cpuHours,
  ramRequestHours: a.ramRequestHours + b.ramRequestHours,
  ramUsageHours: a.ramUsageHours + b.ramUsageHours,
  ramHours: a.ramHours + b.ramHours,
  gpuHours: a.gpuHours + b.gpuHours,
  networkCost: a.networkCost + b.networkCost,
  pvCost: a.pvCost + b.pvCost,
})

/** Nothing, for so many hours. */
export const nothing = (hours: number): Usage => ({
  hours,
  cpuRequestHours: 0,
  cpuUsageHours: 0,
  cpuHours: 0,
  ramRequestHours: 0,
  ramUsageHours: 0,
  ramHours: 0,
  gpuHours: 0,
  networkCost: 0,
  pvCost: 0,
})

/** What the parts of it cost. `idleShare` is what of the idle capacity is laid on each dollar. */
export function costsOf(usage: Usage, idleShare: number) {
  return {
    cpu: usage.cpuHours * prices.cpu * (1 + idleShare),
    ram: (usage.ramHours / gib) * prices.ramGiB * (1 + idleShare),
    gpu: usage.gpuHours * prices.gpu,
    network: usage.networkCost,
    pv: usage.pvCost,
  }
}
