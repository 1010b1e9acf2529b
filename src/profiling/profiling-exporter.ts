import { settle } from '../core/account.ts'
import { resource } from '../core/attributes.ts'
import { type Batch, recordsOf } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import { type Context, createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { Receipt } from '../core/receipt.ts'
import { errorOf, toError } from '../core/result.ts'
import { type Adjustable, AdjustableExporter, type AdjustableOptions } from '../delivery/adjustable.ts'
import { type FunctionTrace, newSpanIds, toSpan } from './function-trace.ts'
import type { Profile } from './profile.ts'
import { toBatch } from './profile-batch.ts'
import { ProfilingHealth } from './profiling-health.ts'
import { ProfilingResult } from './profiling-result.ts'

/** An exporter of profiles and nothing else. None of its methods throws: what goes wrong is a result. */
export interface ProfilingExporter {
  exportMetrics(metrics: Profile): Promise<ProfilingResult>
  exportTraces(traces: readonly FunctionTrace[]): Promise<ProfilingResult>
  healthCheck(): ProfilingHealth
}

export interface ProfilingExporterOptions extends Omit<AdjustableOptions<Batch>, 'records'> {
  /** `service.name` of the resource. Default: no resource. */
  readonly serviceName?: string
  readonly context?: Context
}

/**
 * `exporter` as an exporter of profiles, which can be looked into and changed. Starting and stopping it stays with whoever
 * made it. Only `healthy` is healthy. Throws WaybillError `INVALID_OPTION`.
 */
export function profilingExporter(
  exporter: EventExporter<Batch>,
  options: ProfilingExporterOptions = {},
): ProfilingExporter & Adjustable<Batch> {
  const { serviceName, context = createContext(), ...adjustableOptions } = options
  const adjustable = new AdjustableExporter(exporter, { ...adjustableOptions, records: batchRecords })
  const about = serviceName === undefined ? {} : { resource: resource({ 'service.name': serviceName }) }

  const give = async (make: () => Batch): Promise<ProfilingResult> => {
    const { clock } = context
    const start = clock.monotonic()
    try {
      const batch = make()
      const receipt = new Receipt()
      const result = await adjustable.export(new Date(clock.now()), batch, { ...context, receipt })
      const responseTimeMs = clock.monotonic() - start
      const { delivered: exportedCount = 0 } = settle(recordsOf(batch).length, result, receipt)
      const error = errorOf(result)
      return error
        ? ProfilingResult.failure(error, { responseTimeMs, exportedCount })
        : ProfilingResult.success(exportedCount, responseTimeMs)
    } catch (thrown) {
      return ProfilingResult.failure(thrown)
    }
  }

  return {
    exportMetrics: (profile) => give(() => toBatch(profile, about)),
    exportTraces: (traces) =>
      give(() => ({ signal: 'traces', spans: traces.map((trace) => ({ ...toSpan(trace, newSpanIds(context.random)), ...about })) })),
    updateConfig: (changes) => adjustable.updateConfig(changes),
    lastExportResult: () => adjustable.lastExportResult(),
    filteredCount: () => adjustable.filteredCount(),
    enableDebugMode: (switches) => adjustable.enableDebugMode(switches),
    disableDebugMode: () => adjustable.disableDebugMode(),
    healthCheck() {
      try {
        const health = exporter.health?.() ?? { state: 'healthy' }
        if (health.state === 'healthy') return ProfilingHealth.healthy()
        return ProfilingHealth.unhealthy('reason' in health ? health.reason : health.state)
      } catch (thrown) {
        return ProfilingHealth.unhealthy(toError(thrown).message)
      }
    },
  }
}
