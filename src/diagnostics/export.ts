import { JsonEncoder } from '../codecs/json/json.ts'
import { EventExportController } from '../controllers/event.ts'
import type { Encoder } from '../core/codec.ts'
import type { Context } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { Storage } from '../core/storage.ts'
import { EventStoragePathFormatter } from '../paths/index.ts'
import { EventStorageExporter } from '../storage/exporting/exporting.ts'
import type { DiagnosticsRunReport } from './diagnostic.ts'
import type { DiagnosticService } from './service.ts'
import { DiagnosticSource } from './source.ts'

export interface DiagnosticsExporterOptions {
  /**
   * Where a report lies: `cluster` is `<cluster>/diagnostics/<application>/<time>.json`; `application` is
   * `<application>/<cluster>/diagnostics/<time>.json`, and the report itself names the application. Default: `cluster`.
   */
  readonly layout?: 'cluster' | 'application'
}

export interface DiagnosticsExportControllerOptions extends DiagnosticsExporterOptions {
  readonly context?: Context
}

/** Encodes a report as JSON. */
export const createDiagnosticsEncoder = (): Encoder<DiagnosticsRunReport> => new JsonEncoder<DiagnosticsRunReport>()

/** Writes each report into a file of its own. Throws WaybillError `INVALID_OPTION` for a cluster or application that is empty or leads elsewhere. */
export function createDiagnosticsExporter(
  cluster: string,
  application: string,
  storage: Storage,
  { layout = 'cluster' }: DiagnosticsExporterOptions = {},
): EventExporter<DiagnosticsRunReport> {
  const folders = layout === 'cluster' ? { root: '', subPaths: [application] } : { root: application }
  const paths = new EventStoragePathFormatter({ ...folders, cluster, event: 'diagnostics' })
  return new EventStorageExporter({ paths, encoder: createDiagnosticsEncoder(), storage })
}

/** Runs the diagnostics of a service every interval and writes each report into a file of its own. */
export function createDiagnosticsExportController(
  cluster: string,
  application: string,
  storage: Storage,
  service: DiagnosticService,
  { layout = 'cluster', context }: DiagnosticsExportControllerOptions = {},
): EventExportController<DiagnosticsRunReport> {
  const source = new DiagnosticSource(service, layout === 'application' ? { application } : {})
  const exporter = createDiagnosticsExporter(cluster, application, storage, { layout })
  return new EventExportController({ source, exporter, ...(context && { context }) })
}
