/** For applications that use the OpenTelemetry SDK: its exporters, over any of Waybill's. README.md shows how. */
export type { BridgeOptions } from './bridge.ts'
export { WaybillLogRecordExporter } from './log-record-exporter.ts'
export { WaybillMetricExporter, type WaybillMetricExporterOptions } from './metric-exporter.ts'
export { WaybillSpanExporter } from './span-exporter.ts'
