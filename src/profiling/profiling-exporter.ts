import { resource } from '../core/attributes.ts'
import { type Batch, recordsOf } from '../core/batch.ts'
import { type Context, createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { errorOf, rejectedCount, toError } from '../core/result.ts'
import { attempt } from '../delivery/attempt.ts'
import { type FunctionTrace, toSpan } from './function-trace.ts'
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

export interface ProfilingExporterOptions {
  /** `service.name` of the resource. Default: no resource. */
  readonly serviceName?: string
  readonly context?: Context
}

/** `exporter` as an exporter of profiles. Starting and stopping it stays with whoever made it. Only `healthy` is healthy. */
export function profilingExporter(exporter: EventExporter<Batch>, options: ProfilingExporterOptions = {}): ProfilingExporter {
  const { serviceName, context = createContext() } = options
  const about = serviceName === undefined ? {} : { resource: resource({ 'service.name': serviceName }) }

  const give = async (make: () => Batch): Promise<ProfilingResult> => {
    const { clock } = context
    const start = clock.monotonic()
    try {
      const batch = make()
      const result = await attempt(exporter, new Date(clock.now()), batch, context)
      const responseTimeMs = clock.monotonic() - start
      const count = recordsOf(batch).length
      const error = errorOf(result)
      if (!error) return ProfilingResult.success(count, responseTimeMs)
      const missing = result.status === 'partial' ? rejectedCount(result.rejected) + result.retry.length : count
      return ProfilingResult.failure(error, { responseTimeMs, exportedCount: count - missing })
    } catch (thrown) {
      return ProfilingResult.failure(thrown)
    }
  }

  return {
    exportMetrics: (profile) => give(() => toBatch(profile, about)),
    exportTraces: (traces) =>
      give(() => ({ signal: 'traces', spans: traces.map((trace) => ({ ...toSpan(trace, context.random), ...about })) })),
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
