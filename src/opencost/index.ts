/** The door of this folder: reading costs from an OpenCost, as records, as rows and as files. */
export * from './allocation.ts'
export * from './asset.ts'
export { type AssetLevel, assetLevels } from './asset-groups.ts'
export { type ComputeSourceOptions, OpenCostComputeSource } from './batches/compute-source.ts'
export { CostBatches, type CostBatchOptions, type CostCluster } from './batches/cost-batches.ts'
export { type AllocationQuery, type AssetQuery, OpenCostClient, type OpenCostClientOptions, type Records } from './client.ts'
export type { CostQuestion } from './cost-rows.ts'
export { type DataType, type Exported, type ExportPlan, exportCosts, type PlannedExport, type Progress } from './export-costs.ts'
export { chooseLevels, type Levels } from './levels.ts'
export {
  type AllocationOptions,
  type AssetOptions,
  type FileOptions,
  type LiveExporterOptions,
  OpenCostLiveExporter,
} from './live-exporter.ts'
export type { CollectedMetric, CollectedMetrics, CollectedValue } from './metrics/collected-metrics.ts'
export { type MetricsCollectorOptions, OpenCostMetricsCollector } from './metrics/collector.ts'
export { openCostMetrics } from './metrics/known-metrics.ts'
export { KustoMetricsAdapter, type KustoMetricsAdapterOptions, type MetricForm } from './metrics/kusto-metrics-adapter.ts'
export { FileOutput, type Output, type RowOutput, StreamOutput } from './output.ts'
export { type RowFormat, rowFormats } from './row-writer.ts'
export { OpenCostSimulator, type SimulatorOptions } from './simulator/simulator.ts'
export { stepsOf } from './steps.ts'
export { allocationTable, assetsTable, type KustoSchema, type RunMetadata, type TableOptions } from './tables.ts'
export { type CostWindow, parseWindow } from './window.ts'
