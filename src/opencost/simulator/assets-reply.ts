import type { Window } from '../../core/index.ts'
import { nextMinute, secondsOf } from './allocation-record.ts'
import { type Cluster, clusterName, gib, type Node, prices } from './cluster.ts'

/** A number as OpenCost writes those of assets. */
const fixed = (value: number): string => value.toFixed(6)

/** A member for each field; numbers that are to have six decimals are texts here. */
type Fields = readonly (readonly [name: string, json: string])[]

/** The text of a reply, in pieces. */
export function* assetsReply(cluster: Cluster, window: Window, nowMs: number): Generator<string> {
  yield '{"code":200,"status":"success","data":{'
  const end = new Date(Math.min(window.end.getTime(), nextMinute(nowMs)))
  const hours = (end.getTime() - window.start.getTime()) / 3_600_000
  let separator = ''
  for (const asset of hours > 0 ? assetsOf(cluster, hours) : []) {
    yield separator + assetText(asset, window, end, hours)
    separator = ','
  }
  yield '}}\n'
}

interface SimulatedAsset {
  readonly type: string
  readonly category: string
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly fields: Fields
  readonly cost: number
}

function* assetsOf(cluster: Cluster, hours: number): Generator<SimulatedAsset> {
  const { nodes, namespaces } = cluster.size
  for (let index = 0; index < nodes; index++) {
    const node = cluster.node(index)
    yield nodeAsset(node, hours)
    yield diskAsset(`${node.name}-disk`, 100, hours)
    yield { type: 'Network', category: 'Network', name: node.name, fields: [], cost: 0.002 * hours }
  }
  for (let index = 1; index < namespaces; index += 3)
    yield {
      type: 'LoadBalancer',
      category: 'Network',
      name: `${cluster.namespace(index)}/ingress`,
      fields: [['ip', JSON.stringify(`203.0.113.${index % 256}`)]],
      cost: prices.loadBalancer * hours,
    }
  yield { type: 'ClusterManagement', category: 'Management', name: clusterName, fields: [], cost: prices.management * hours }
}

function nodeAsset({ name, instanceType, zone, cores, ramBytes, gpus, spot }: Node, hours: number): SimulatedAsset {
  const cut = spot ? 0.4 : 1
  const costs = {
    cpu: cores * prices.cpu * hours * cut,
    ram: (ramBytes / gib) * prices.ramGiB * hours * cut,
    gpu: gpus * prices.gpu * hours * cut,
  }
  const breakdown = JSON.stringify({ idle: 0.2, other: 0, system: 0.05, user: 0.75 })
  return {
    type: 'Node',
    category: 'Compute',
    name,
    labels: {
      node_kubernetes_io_instance_type: instanceType,
      topology_kubernetes_io_region: zone.slice(0, -1),
      topology_kubernetes_io_zone: zone,
    },
    fields: [
      ['nodeType', JSON.stringify(instanceType)],
      ['cpuCores', fixed(cores)],
      ['ramBytes', fixed(ramBytes)],
      ['cpuCoreHours', fixed(cores * hours)],
      ['ramByteHours', fixed(ramBytes * hours)],
      ['GPUHours', fixed(gpus * hours)],
      ['cpuBreakdown', breakdown],
      ['ramBreakdown', breakdown],
      ['preemptible', fixed(spot ? 1 : 0)],
      ['discount', fixed(0)],
      ['cpuCost', fixed(costs.cpu)],
      ['gpuCost', fixed(costs.gpu)],
      ['gpuCount', fixed(gpus)],
      ['ramCost', fixed(costs.ram)],
    ],
    cost: costs.cpu + costs.ram + costs.gpu,
  }
}

const diskAsset = (name: string, gibs: number, hours: number): SimulatedAsset => ({
  type: 'Disk',
  category: 'Storage',
  name,
  fields: [
    ['byteHours', fixed(gibs * gib * hours)],
    ['bytes', fixed(gibs * gib)],
    ['byteHoursUsed', fixed(gibs * gib * hours * 0.4)],
    // What was never measured.
    ['byteUsageMax', 'null'],
    ['breakdown', JSON.stringify({ idle: 0.6, other: 0, system: 0.1, user: 0.3 })],
    ['storageClass', '"standard"'],
    ['volumeName', '""'],
  ],
  cost: gibs * prices.diskGiB * hours,
})

function assetText({ type, category, name, labels = {}, fields, cost }: SimulatedAsset, window: Window, end: Date, hours: number): string {
  const key = `Simulated/__undefined__/waybill/${category}/${clusterName}/${type}/Kubernetes/${name}/${name}`
  const properties = {
    category,
    provider: 'Simulated',
    project: 'waybill',
    service: 'Kubernetes',
    cluster: clusterName,
    name,
    providerID: name,
  }
  const members: Fields = [
    ['type', JSON.stringify(type)],
    ['properties', JSON.stringify(properties)],
    ['labels', JSON.stringify(labels)],
    ['window', JSON.stringify({ start: secondsOf(window.start), end: secondsOf(window.end) })],
    ['start', JSON.stringify(secondsOf(window.start))],
    ['end', JSON.stringify(secondsOf(end))],
    ['minutes', fixed(hours * 60)],
    ...fields,
    ...(type === 'ClusterManagement' ? [] : [['adjustment', fixed(0)] as const]),
    ['totalCost', fixed(cost)],
  ]
  return `${JSON.stringify(key)}:{${members.map(([field, json]) => `${JSON.stringify(field)}:${json}`).join()}}`
}
