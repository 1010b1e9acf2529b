import type { Batch } from '../core/batch.ts'
import { type HealthStatus, healthy, unhealthy } from '../core/component.ts'
import type { Context } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { type ExportResult, ok, reject, retry } from '../core/result.ts'
import { toFunctionTrace } from './function-trace.ts'
import { toProfile } from './profile-batch.ts'
import type { ProfilingExporter } from './profiling-exporter.ts'

/**
 * `profiling` as an exporter of batches, so that others can hold it. It takes profiles and traces; any other batch is
 * rejected. A failure is answered with `retry`.
 */
export function fromProfilingExporter(name: string, profiling: ProfilingExporter): EventExporter<Batch> {
  return {
    name,
    async export(_time: Date, batch: Batch, _context: Context): Promise<ExportResult> {
      const answer = give(profiling, batch)
      if (!answer) return reject(new Error(`${name} takes only profiles and traces`))
      const { success, error } = await answer
      return success ? ok : retry(error ?? new Error(`${name} failed without saying why`))
    },
    health(): HealthStatus {
      const health = profiling.healthCheck()
      return health.isHealthy() ? healthy : unhealthy(health.errorMessage ?? 'it does not say why')
    },
  }
}

function give(profiling: ProfilingExporter, batch: Batch) {
  if (batch.signal === 'traces') return profiling.exportTraces(batch.spans.map(toFunctionTrace))
  const profile = batch.signal === 'metrics' ? toProfile(batch) : undefined
  return profile && profiling.exportMetrics(profile)
}
