import type { Alert, AlertsBatch, Context, Emit } from '../../sdk.ts'
import { type AlertData, type AlertingArray, alertOf } from '../third-party/alert-data.ts'
import { handOn } from './handing-on.ts'

/** What was handed on last of an alert. */
interface Told {
  readonly alert: Alert
  readonly arrayId: string
  /** Whether the array lists it when asked. */
  readonly listed: boolean
  readonly atMs: number
}

export interface AlertBookOptions {
  readonly emit: Emit
  readonly context: Context
  /** The same news is news again after so long. */
  readonly repeatAfterMs: number
  /** So many alerts are remembered. */
  readonly limit?: number
}

/** Hands alerts on, in the order in which they come, and remembers them: what is told again is not handed on again, and what is over is told so. */
export class AlertBook {
  readonly #options: AlertBookOptions
  readonly #told = new Map<string, Told>()
  #last: Promise<unknown> = Promise.resolve()
  #repeated = 0

  constructor(options: AlertBookOptions) {
    this.#options = options
  }

  /** Alerts that came again by trap, and were not handed on. */
  get repeated(): number {
    return this.#repeated
  }

  /**
   * All that an array lists is handed on. `whole`: it lists everything there is, so that what it listed before and does not any more is
   * resolved. Resolves when they are taken, to how many the array lists.
   */
  async listed(array: AlertingArray, alerts: readonly AlertData[], whole: boolean): Promise<number> {
    const listed = alerts.map((alert) => alertOf(alert, array))
    const ids = new Set(listed.map(({ id }) => id))
    const over = whole ? this.#firing(array.id).filter(({ alert, listed }) => listed && !ids.has(alert.id)) : []
    await this.#handOn([...listed, ...over.map(({ alert }) => this.#resolved(alert))], array.id, true)
    return listed.length
  }

  /** One that an array told of by itself. Tells whether it was news. */
  async told(array: AlertingArray, given: AlertData): Promise<boolean> {
    const alert = alertOf(given, array)
    const before = this.#told.get(alert.id)
    const same = before && before.alert.status === alert.status && before.alert.severity === alert.severity
    if (same && this.#nowMs() - before.atMs < this.#options.repeatAfterMs) {
      this.#repeated++
      return false
    }
    await this.#handOn(
      [before && alert.status === 'resolved' ? { ...alert, startsAtMs: before.alert.startsAtMs } : alert],
      array.id,
      before?.listed ?? false,
    )
    return true
  }

  /** Somebody has cleared the alerts of an array for which `which` holds. */
  async cleared(arrayId: string, which: (alert: Alert) => boolean): Promise<void> {
    const over = this.#firing(arrayId).filter(({ alert }) => which(alert))
    await this.#handOn(
      over.map(({ alert }) => this.#resolved(alert)),
      arrayId,
      true,
    )
  }

  async #handOn(alerts: readonly Alert[], arrayId: string, listed: boolean): Promise<void> {
    if (alerts.length === 0) return
    const { emit, context } = this.#options
    const batch: AlertsBatch = { signal: 'alerts', alerts }
    for (const alert of alerts) this.#remember({ alert, arrayId, listed, atMs: this.#nowMs() })
    const turn = this.#last.then(() => handOn(batch, emit, context))
    this.#last = turn.catch(() => {})
    await turn
  }

  #remember(told: Told): void {
    const { limit = 100_000 } = this.#options
    this.#told.delete(told.alert.id)
    this.#told.set(told.alert.id, told)
    if (this.#told.size > limit) this.#told.delete(this.#told.keys().next().value!)
  }

  #firing(arrayId: string): readonly Told[] {
    return [...this.#told.values()].filter((told) => told.arrayId === arrayId && told.alert.status === 'firing')
  }

  #resolved(alert: Alert): Alert {
    return { ...alert, status: 'resolved', endsAtMs: this.#nowMs() }
  }

  #nowMs(): number {
    return this.#options.context.clock.now()
  }
}
