import { hostname } from 'node:os'
import type { DiagnosticResult } from '../../diagnostics/diagnostic.ts'
import { registerProcessDiagnostics } from '../../diagnostics/process-diagnostics.ts'
import { DiagnosticService } from '../../diagnostics/service.ts'
import {
  type Attributes,
  type Context,
  defineSource,
  type ExportSource,
  type LogRecord,
  type LogsBatch,
  type Resource,
  resource,
  size,
  z,
} from '../../sdk.ts'

const config = z.strictObject({
  minFreeSpace: size().prefault('100MiB').describe('Less free space than this for the data directory is an error.'),
})

export interface DiagnosticsSourceOptions {
  readonly name: string
  /** What is run. Whoever has diagnostics of its own registers them here at any time. */
  readonly service: DiagnosticService
}

/** Runs diagnostics and makes a log record of each result: of severity INFO, or ERROR where something is wrong. */
export class DiagnosticsSource implements ExportSource<LogsBatch> {
  readonly name: string
  readonly service: DiagnosticService
  readonly #resource: Resource

  constructor({ name, service }: DiagnosticsSourceOptions) {
    this.name = name
    this.service = service
    this.#resource = resource({ 'service.name': 'waybill', 'host.name': hostname(), 'process.pid': process.pid })
  }

  /** Undefined when no diagnostic is registered. */
  async make(_at: Date, context: Context): Promise<LogsBatch | undefined> {
    if (this.service.total() === 0) return undefined
    const results = await this.service.run(context)
    return { signal: 'logs', records: results.map((result) => toRecord(result, this.#resource)) }
  }
}

function toRecord({ id, name, description, category, timestamp, error, details }: DiagnosticResult, resource: Resource): LogRecord {
  return {
    timeNs: BigInt(Date.parse(timestamp)) * 1_000_000n,
    severityNumber: error === undefined ? 9 : 17,
    severityText: error === undefined ? 'INFO' : 'ERROR',
    body: error === undefined ? `${name}: nothing is wrong` : `${name}: ${error}`,
    attributes: {
      'diagnostic.id': id,
      'diagnostic.name': name,
      'diagnostic.category': category,
      'diagnostic.description': description,
      ...(error !== undefined && { 'diagnostic.error': error }),
      ...(details && { 'diagnostic.details': details as Attributes }),
    },
    resource,
  }
}

/** The agent's own diagnostics, as logs. */
export default defineSource({
  type: 'diagnostics',
  summary: "Runs the agent's own diagnostics: clock, disk, permissions, memory, event loop, versions.",
  signals: ['logs'],
  config,
  create({ name, config, host }) {
    const service = new DiagnosticService()
    registerProcessDiagnostics(service, { dataDir: host.dataDir, minFreeBytes: config.minFreeSpace })
    return new DiagnosticsSource({ name, service })
  },
})
