import type { Context } from '../core/context.ts'
import { toError } from '../core/result.ts'

export type Threshold = 'exportLatencyP95Ms' | 'successRatePercent' | 'queueDepth'

/** A limit for each; `false` where it is not watched. */
export type Limits = Readonly<Record<Threshold, number | false>>

/** A threshold that was crossed, or no longer is. */
export interface ThresholdAlert {
  readonly threshold: Threshold
  readonly state: 'firing' | 'cleared'
  /** What was measured: milliseconds, per cent or records. */
  readonly value: number
  readonly limit: number
  readonly at: Date
}

/** Tells when a value goes beyond its limit and when it comes back, each once. The success rate is beyond it below, the others above. */
export class Thresholds {
  readonly #exporter: string
  readonly #limits: Limits
  readonly #onAlert: ((alert: ThresholdAlert) => void) | undefined
  readonly #firing = new Set<Threshold>()

  constructor({ exporter, limits, onAlert }: { exporter: string; limits: Limits; onAlert: ((alert: ThresholdAlert) => void) | undefined }) {
    this.#exporter = exporter
    this.#limits = limits
    this.#onAlert = onAlert
  }

  /** `undefined` is a value of which nothing is known now: it changes nothing. */
  check(threshold: Threshold, value: number | undefined, { clock, log }: Context): void {
    const limit = this.#limits[threshold]
    if (limit === false || value === undefined) return
    const beyond = threshold === 'successRatePercent' ? value < limit : value > limit
    if (beyond === this.#firing.has(threshold)) return
    const fields = { exporter: this.#exporter, threshold, value, limit }
    if (beyond) {
      this.#firing.add(threshold)
      log.warn('threshold crossed', fields)
    } else {
      this.#firing.delete(threshold)
      log.info('threshold no longer crossed', fields)
    }
    try {
      this.#onAlert?.({ threshold, state: beyond ? 'firing' : 'cleared', value, limit, at: new Date(clock.now()) })
    } catch (thrown) {
      log.error('onAlert failed', { ...fields, error: toError(thrown) })
    }
  }
}
