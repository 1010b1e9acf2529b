import type { Context } from '../core/context.ts'
import type { ExportSource } from '../core/source.ts'
import type { DiagnosticsRunReport } from './diagnostic.ts'
import type { DiagnosticService } from './service.ts'

/** Runs all diagnostics of a service and reports what they gave. */
export class DiagnosticSource implements ExportSource<DiagnosticsRunReport> {
  readonly name = 'diagnostics-source'
  readonly #service: DiagnosticService
  readonly #application: string | undefined

  constructor(service: DiagnosticService, { application }: { readonly application?: string } = {}) {
    this.#service = service
    this.#application = application
  }

  /** Undefined when no diagnostic is registered. */
  async make(at: Date, context: Context): Promise<DiagnosticsRunReport | undefined> {
    if (this.#service.total() === 0) return undefined
    const results = await this.#service.run(context)
    return { ...(this.#application !== undefined && { application: this.#application }), startTime: at.toISOString(), results }
  }
}
