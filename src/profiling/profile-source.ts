import { type Resource, resource } from '../core/attributes.ts'
import type { Batch } from '../core/batch.ts'
import type { ExportSource } from '../core/source.ts'
import { toBatch } from './profile-batch.ts'
import type { Profiler } from './profiler.ts'

export interface ProfileSourceOptions {
  /** `metrics`: the profile, a series for each field. `traces`: the spans that wait, which leave the profiler by that. */
  readonly signal: 'metrics' | 'traces'
  /** `service.name` of the resource. Default: no resource. */
  readonly serviceName?: string | undefined
}

/** What a profiler recorded, as batches. */
export class ProfileSource implements ExportSource<Batch> {
  readonly name: string
  readonly #profiler: Profiler
  readonly #signal: 'metrics' | 'traces'
  readonly #resource: Resource | undefined

  constructor(profiler: Profiler, { signal, serviceName }: ProfileSourceOptions) {
    this.name = `profiling-${signal}`
    this.#profiler = profiler
    this.#signal = signal
    this.#resource = serviceName === undefined ? undefined : resource({ 'service.name': serviceName })
  }

  /** Undefined when there are no spans to export. */
  make(at: Date): Batch | undefined {
    const about = this.#resource && { resource: this.#resource }
    if (this.#signal === 'metrics') {
      const profile = { ...this.#profiler.snapshot(), timestamp: at.getTime() }
      return toBatch(profile, { startTimeMs: this.#profiler.startTimeMs, ...about })
    }
    const spans = this.#profiler.takeSpans()
    if (spans.length === 0) return undefined
    return { signal: 'traces', spans: about ? spans.map((span) => ({ ...span, ...about })) : spans }
  }
}
