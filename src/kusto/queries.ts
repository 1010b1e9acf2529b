/** A query for people to begin with. */
export interface Query {
  readonly title: string
  readonly kql: string
}

/** Over the tables of OpenCost's costs and metrics. Prices of different units are kept apart: they cannot be added up. */
export const queries: readonly Query[] = [
  {
    title: 'Cost of each namespace over time',
    kql: `OpenCostAllocation
| where Timestamp > ago(24h)
| summarize TotalCost = sum(TotalCost) by bin(Timestamp, 1h), Namespace
| render timechart`,
  },
  {
    title: 'Cost of each type of asset',
    kql: `OpenCostAssets
| where Timestamp > ago(24h)
| summarize TotalCost = sum(TotalCost) by Type
| order by TotalCost desc`,
  },
  {
    title: 'Infrastructure and workloads together',
    kql: `OpenCostAllocation
| where Timestamp > ago(1h)
| summarize WorkloadCost = sum(TotalCost) by bin(Timestamp, 5m)
| join kind=inner (
    OpenCostAssets
    | where Timestamp > ago(1h)
    | summarize InfraCost = sum(TotalCost) by bin(Timestamp, 5m)
) on Timestamp
| project Timestamp, WorkloadCost, InfraCost, TotalCost = WorkloadCost + InfraCost
| render timechart`,
  },
  {
    title: 'How well containers use what they ask for',
    kql: `OpenCostAllocation
| where Timestamp > ago(1h)
| summarize AvgCpuEff = avg(CpuEfficiency), AvgRamEff = avg(RamEfficiency) by Container
| order by AvgCpuEff desc`,
  },
  {
    title: 'Each metric over time',
    kql: `OpenCostMetrics
| where Timestamp > ago(1h)
| summarize avg(MetricValue) by bin(Timestamp, 5m), MetricName
| render timechart`,
  },
  {
    title: 'CPU that containers have been given, by node',
    kql: `OpenCostMetrics
| where MetricName == "container_cpu_allocation"
| summarize avg(MetricValue) by Node, bin(Timestamp, 1h)`,
  },
  {
    title: 'What the containers of each namespace cost an hour',
    kql: `OpenCostAnalysis
| where CostType == "compute" and ResourceType == "Container"
| summarize HourlyCost = sum(CostValue) by Timestamp, Namespace
| summarize TotalCost = avg(HourlyCost) by Namespace
| order by TotalCost desc`,
  },
  {
    title: 'What is paid by the hour, a day of it, by what it is paid for',
    kql: `OpenCostAnalysis
| where Timestamp > ago(7d) and Unit == "hour"
| summarize HourlyCost = sum(CostValue) by Timestamp, ResourceType
| summarize DailyCost = 24 * avg(HourlyCost) by bin(Timestamp, 1d), ResourceType
| render timechart`,
  },
  {
    title: 'CPU against memory',
    kql: `OpenCostMetricsWide
| where Timestamp > ago(1h)
| project Timestamp, Node, container_cpu_allocation, container_memory_allocation
| render scatterchart with (xcolumn=container_cpu_allocation, ycolumns=container_memory_allocation)`,
  },
]
