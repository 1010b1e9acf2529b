/**
 * The metrics that are about costs: those of OpenCost (https://www.opencost.io/docs/integrations/metrics), and the two of containers'
 * use that stand beside them where everything is scraped into one database. `*` stands for any characters.
 */
export const openCostMetrics: readonly string[] = [
  'container_cpu_allocation',
  'container_gpu_allocation',
  'container_memory_allocation',
  'container_memory_allocation_bytes',
  'container_cpu_usage_seconds_total',
  'container_memory_usage_bytes',
  'node_*_hourly_cost',
  'node_gpu_count',
  'pv_hourly_cost',
  'pod_pvc_allocation',
  'kubecost_*',
  'opencost_*',
  'kube_*',
  'deployment_match_labels',
  'statefulSet_match_labels',
  'service_selector_labels',
]

export const costTypes = ['compute', 'storage', 'network', 'management'] as const
export type CostType = (typeof costTypes)[number]

/** What a price is for: `hour` for a cost as it is, the others for prices, which cannot be added up. */
export type CostUnit = 'hour' | 'core-hour' | 'GiB-hour' | 'GPU-hour' | 'GiB'

export interface Price {
  readonly costType: CostType
  readonly resourceType: 'Node' | 'PersistentVolume' | 'LoadBalancer' | 'Network' | 'Cluster'
  readonly unit: CostUnit
}

/** The metrics that are costs or prices. OpenCost says GB and computes with 2³⁰ bytes. */
export const prices: ReadonlyMap<string, Price> = new Map([
  ['node_total_hourly_cost', { costType: 'compute', resourceType: 'Node', unit: 'hour' }],
  ['node_cpu_hourly_cost', { costType: 'compute', resourceType: 'Node', unit: 'core-hour' }],
  ['node_ram_hourly_cost', { costType: 'compute', resourceType: 'Node', unit: 'GiB-hour' }],
  ['node_gpu_hourly_cost', { costType: 'compute', resourceType: 'Node', unit: 'GPU-hour' }],
  ['pv_hourly_cost', { costType: 'storage', resourceType: 'PersistentVolume', unit: 'GiB-hour' }],
  ['kubecost_load_balancer_cost', { costType: 'network', resourceType: 'LoadBalancer', unit: 'hour' }],
  ['kubecost_network_zone_egress_cost', { costType: 'network', resourceType: 'Network', unit: 'GiB' }],
  ['kubecost_network_region_egress_cost', { costType: 'network', resourceType: 'Network', unit: 'GiB' }],
  ['kubecost_network_internet_egress_cost', { costType: 'network', resourceType: 'Network', unit: 'GiB' }],
  ['kubecost_cluster_management_cost', { costType: 'management', resourceType: 'Cluster', unit: 'hour' }],
])

/** What a workload has been given, and the price of it: `by` is the label that says whose price it is. */
export interface Allotment {
  readonly metric: string
  readonly costType: CostType
  readonly resourceType: 'Container' | 'PersistentVolumeClaim'
  readonly price: string
  readonly by: 'node' | 'persistentvolume'
  /** How much of the metric the price is for. */
  readonly per: number
}

const gib = 2 ** 30

/** Metrics that a price turns into what a workload costs in an hour. */
export const allotments: readonly Allotment[] = [
  { metric: 'container_cpu_allocation', costType: 'compute', resourceType: 'Container', price: 'node_cpu_hourly_cost', by: 'node', per: 1 },
  {
    metric: 'container_memory_allocation_bytes',
    costType: 'compute',
    resourceType: 'Container',
    price: 'node_ram_hourly_cost',
    by: 'node',
    per: gib,
  },
  { metric: 'container_gpu_allocation', costType: 'compute', resourceType: 'Container', price: 'node_gpu_hourly_cost', by: 'node', per: 1 },
  {
    metric: 'pod_pvc_allocation',
    costType: 'storage',
    resourceType: 'PersistentVolumeClaim',
    price: 'pv_hourly_cost',
    by: 'persistentvolume',
    per: gib,
  },
]
