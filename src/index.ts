/** The library's door: the core, the exporters that hold others, the controllers, and profiling. Exporters and sources have their own subpaths. */
export { atWindowStart } from './controllers/at-window-start.ts'
export type { BackfillOptions, BackfillOutcome, BackfillProgress, BackfillReport } from './controllers/backfill.ts'
export { CombinedWindows, type CombinedWindowsOptions } from './controllers/combined-windows.ts'
export { ComputeExportController, type ComputeExportControllerOptions } from './controllers/compute.ts'
export { EventExportController, type EventExportControllerOptions } from './controllers/event.ts'
export type { ExportController } from './controllers/export-controller.ts'
export { ComputeExportControllerGroup } from './controllers/group.ts'
export { JsonStateFile } from './controllers/json-state-file.ts'
export { type WaitForSignalOptions, waitForSignal } from './controllers/wait-for-signal.ts'
export { combineRows, windowTable } from './controllers/window-rows.ts'
export type { StateStore, WindowState } from './controllers/window-state.ts'
export { WindowedAggregation, type WindowedAggregationOptions } from './controllers/windowed-aggregation.ts'
export * from './core/index.ts'
export { AccountedExporter } from './delivery/accounted.ts'
export {
  type Adjustable,
  AdjustableExporter,
  type AdjustableOptions,
  type AdjustableSettings,
  type LastExport,
} from './delivery/adjustable.ts'
export { BatchingExporter, type BatchingOptions } from './delivery/batching.ts'
export { BreakingExporter, type BreakingOptions } from './delivery/breaking.ts'
export {
  BufferedExporter,
  type BufferedOptions,
  type BufferStats,
  type DiskBufferOptions,
  type MemoryBufferOptions,
} from './delivery/buffered.ts'
export { type Branch, ConditionalExporter, type ConditionalOptions, type ConditionalStats } from './delivery/conditional.ts'
export { DeadLetteringExporter, type DeadLetteringOptions } from './delivery/dead-lettering.ts'
export { DebuggingExporter, type DebuggingOptions, type DebugSwitches } from './delivery/debugging.ts'
export { FallbackExporter, type FallbackOptions } from './delivery/fallback.ts'
export { FilteringExporter, type FilteringOptions, type Filters } from './delivery/filtering.ts'
export { LanedExporter, type LanedOptions, seriesOf } from './delivery/laned.ts'
export type { MonitorOptions, MonitorStats } from './delivery/measurements.ts'
export { type MetricFilters, metricFilters } from './delivery/metric-filters.ts'
export { MonitoredExporter, type MonitoredOptions } from './delivery/monitored.ts'
export { MultiExporter, type MultiOptions, type MultiStrategy } from './delivery/multi.ts'
export { type ExporterFactory, ExporterRegistry, type Failures } from './delivery/registry.ts'
export { ResilientExporter, type ResilientOptions, type ResilientRetryOptions } from './delivery/resilient.ts'
export { RetryingExporter } from './delivery/retrying.ts'
export { SplittingExporter } from './delivery/splitting.ts'
export { StartingExporter } from './delivery/starting.ts'
export type { Threshold, ThresholdAlert } from './delivery/thresholds.ts'
export type { TimeFilter } from './delivery/time-filter.ts'
export { TimedExporter, type TimedOptions } from './delivery/timed.ts'
export type { Diagnostic, DiagnosticResult, DiagnosticRunner, DiagnosticsRunReport } from './diagnostics/diagnostic.ts'
export {
  createDiagnosticsEncoder,
  createDiagnosticsExportController,
  createDiagnosticsExporter,
  type DiagnosticsExportControllerOptions,
  type DiagnosticsExporterOptions,
} from './diagnostics/export.ts'
export { type ProcessDiagnosticsOptions, registerProcessDiagnostics } from './diagnostics/process-diagnostics.ts'
export { DiagnosticService } from './diagnostics/service.ts'
export { DiagnosticSource } from './diagnostics/source.ts'
export * from './paths/index.ts'
export { AuthConfig, type AuthSettings } from './profiling/auth-config.ts'
export { ExporterConfig, type ExporterSettings } from './profiling/exporter-config.ts'
export { type ExporterEntry, exporterEntries } from './profiling/exporter-entries.ts'
export { fromProfilingExporter } from './profiling/from-profiling-exporter.ts'
export type { FunctionTrace } from './profiling/function-trace.ts'
export type { Profile } from './profiling/profile.ts'
export { ProfileSource, type ProfileSourceOptions } from './profiling/profile-source.ts'
export { type MessageRecord, Profiler, type ProfilerOptions } from './profiling/profiler.ts'
export { type ProfilingExporter, type ProfilingExporterOptions, profilingExporter } from './profiling/profiling-exporter.ts'
export { type ProfilingSettings, profilingFromEnv } from './profiling/profiling-from-env.ts'
export { ProfilingHealth } from './profiling/profiling-health.ts'
export { ProfilingResult } from './profiling/profiling-result.ts'
export { type Profiling, type ProfilingExports, type ProfilingOptions, registerProfiling } from './profiling/register-profiling.ts'
export { registerProfilingFromEnv } from './profiling/register-profiling-from-env.ts'
export { RetryConfig, type RetrySettings } from './profiling/retry-config.ts'
export * from './storage/exporting/exporting.ts'
export { type ValidateStorageOptions, validateStorage } from './storage/validate-storage/validate-storage.ts'
export { version } from './version.ts'
