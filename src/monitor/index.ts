/** A monitor's own exporters: classes to extend, those for CSV, JSON, InfluxDB and Prometheus, and a registry. */
export { AdaptedExporter, type AdaptedOptions } from './adapted-exporter.ts'
export { BaseExporter, type Exported, type Metrics } from './base-exporter.ts'
export { CSVExporter, type CSVExporterConfig } from './csv-exporter.ts'
export { type ExporterClass, ExporterRegistry } from './exporter-registry.ts'
export { InfluxDBExporter, type InfluxDBExporterConfig } from './influxdb-exporter.ts'
export { JSONExporter, type JSONExporterConfig } from './json-exporter.ts'
export { PrometheusExporter, type PrometheusExporterConfig } from './prometheus-exporter.ts'
