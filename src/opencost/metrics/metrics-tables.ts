import type { Column, Table } from '../../core/index.ts'

const strings = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'string' }))

/** The columns that the tables of metrics begin with. */
const leading: readonly Column[] = [
  { name: 'Timestamp', type: 'datetime' },
  { name: 'CollectionTime', type: 'datetime' },
  ...strings('Source'),
]

/** A row for each sample. */
export const metricsTable: Table = {
  name: 'OpenCostMetrics',
  columns: [
    ...leading,
    ...strings('MetricName'),
    { name: 'MetricValue', type: 'real' },
    ...strings('MetricType', 'MetricHelp', 'Labels', 'Container', 'Pod', 'Namespace', 'Node'),
  ],
}

/** A row for each sample of a price or cost, by its kind; `Unit` says what must not be added up with others. */
export const analysisTable: Table = {
  name: 'OpenCostAnalysis',
  columns: [
    ...leading,
    ...strings('CostType'),
    { name: 'CostValue', type: 'real' },
    ...strings('Currency', 'Unit', 'ResourceType', 'MetricName', 'Namespace', 'Node', 'Pod', 'Container', 'Labels'),
  ],
}

/** The metrics that have a column of their own, under their names; `container_memory_allocation` is OpenCost's `…_bytes`. */
export const wideMetrics: readonly string[] = [
  'container_cpu_allocation',
  'container_gpu_allocation',
  'container_memory_allocation',
  'container_cpu_usage_seconds_total',
  'container_memory_usage_bytes',
  'node_cpu_hourly_cost',
  'node_ram_hourly_cost',
  'node_gpu_hourly_cost',
  'node_gpu_count',
  'node_total_hourly_cost',
  'pv_hourly_cost',
  'pod_pvc_allocation',
  'kubecost_cluster_info',
  'kubecost_cluster_management_cost',
  'kubecost_http_requests_total',
  'kubecost_load_balancer_cost',
  'kubecost_network_internet_egress_cost',
  'kubecost_network_region_egress_cost',
  'kubecost_network_zone_egress_cost',
  'kubecost_node_is_spot',
]

/** A row for each time and node. */
export const wideTable: Table = {
  name: 'OpenCostMetricsWide',
  columns: [...leading, ...strings('Node'), ...wideMetrics.map((name) => ({ name, type: 'real' }) as const)],
}
