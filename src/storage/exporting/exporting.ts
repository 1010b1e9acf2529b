/** Exporters that keep each event, or each window, in a file of a storage. */
export { ChainValidator } from './chain-validator.ts'
export { ComputeStorageExporter, type ComputeStorageExporterOptions } from './compute-storage-exporter.ts'
export { EventStorageExporter, type EventStorageExporterOptions } from './event-storage-exporter.ts'
export type { ExportValidator } from './export-validator.ts'
export { SetValidator } from './set-validator.ts'
