import type { Alert, AlertsBatch, Context, Emit } from '../../sdk.ts'
import { type AlertData, type AlertingArray, alertOf } from '../third-party/alert-data.ts'
import { handOn } from './handing-on.ts'
import type { ArrayStates } from './states.ts'
import { ToldAlerts } from './told-alerts.ts'

export interface AlertBookOptions {
  readonly emit: Emit
  readonly context: Context
  readonly states: ArrayStates
  /** The same news is news again after so long. */
  readonly repeatAfterMs: number
  /** So many alerts are remembered. */
  readonly limit?: number
}

export interface Listed {
  /** Everything there is was asked for: what was listed before and is not any more is over. */
  readonly whole: boolean
  /** Hand on what is news only. Default: all. */
  readonly news?: boolean
}

/** Hands alerts on, in the order in which they come, and remembers them: what is told again is not handed on again, and what is over is told so. */
export class AlertBook {
  readonly #options: AlertBookOptions
  readonly #told: ToldAlerts
  #last: Promise<unknown> = Promise.resolve()
  #repeated = 0

  constructor(options: AlertBookOptions) {
    const { context, states, limit = 100_000 } = options
    this.#options = options
    this.#told = new ToldAlerts({ context, states, limit })
  }

  /** Alerts that came again by trap, and were not handed on. */
  get repeated(): number {
    return this.#repeated
  }

  /** Takes what an array lists. Resolves when it is handed on, to how many alerts the array lists. */
  async listed(array: AlertingArray, alerts: readonly AlertData[], { whole, news = false }: Listed): Promise<number> {
    await this.#told.load(array.id)
    const listed = alerts.map((alert) => alertOf(alert, array))
    const ids = new Set(listed.map(({ id }) => id))
    const over = whole ? this.#told.firing(array.id).filter(({ alert, listed }) => listed && !ids.has(alert.id)) : []
    const told = news ? listed.filter((alert) => this.#isNews(alert)) : listed
    await this.#handOn([...told, ...over.map(({ alert }) => this.#resolved(alert))], array.id, true)
    for (const alert of listed) this.#isListed(alert, array.id)
    return listed.length
  }

  /** One that an array told of by itself. Tells whether it was news. */
  async told(array: AlertingArray, given: AlertData): Promise<boolean> {
    await this.#told.load(array.id)
    const alert = alertOf(given, array)
    if (!this.#isNews(alert)) {
      this.#repeated++
      return false
    }
    const before = this.#told.get(alert.id)
    await this.#handOn(
      [before && alert.status === 'resolved' ? { ...alert, startsAtMs: before.alert.startsAtMs } : alert],
      array.id,
      before?.listed ?? false,
    )
    return true
  }

  /** Somebody has cleared the alerts of an array for which `which` holds. */
  async cleared(arrayId: string, which: (alert: Alert) => boolean): Promise<void> {
    await this.#told.load(arrayId)
    const over = this.#told.firing(arrayId).filter(({ alert }) => which(alert))
    await this.#handOn(
      over.map(({ alert }) => this.#resolved(alert)),
      arrayId,
      true,
    )
  }

  /** Resolves when what was told is saved. The signal of the context has aborted. */
  close(): Promise<void> {
    return this.#told.close()
  }

  #isNews({ id, status, severity }: Alert): boolean {
    const before = this.#told.get(id)
    if (before?.alert.status !== status || before.alert.severity !== severity) return true
    return this.#nowMs() - before.atMs >= this.#options.repeatAfterMs
  }

  async #handOn(alerts: readonly Alert[], arrayId: string, listed: boolean): Promise<void> {
    if (alerts.length === 0) return
    const { emit, context } = this.#options
    const batch: AlertsBatch = { signal: 'alerts', alerts }
    const turn = this.#last.then(() => handOn(batch, emit, context))
    this.#last = turn.catch(() => {})
    // What was given up is news again.
    if ((await turn).status === 'retry') return
    for (const alert of alerts) this.#told.put(arrayId, { alert, listed, atMs: this.#nowMs() })
  }

  #isListed({ id }: Alert, arrayId: string): void {
    const told = this.#told.get(id)
    if (told && !told.listed) this.#told.put(arrayId, { ...told, listed: true })
  }

  #resolved(alert: Alert): Alert {
    return { ...alert, status: 'resolved', endsAtMs: this.#nowMs() }
  }

  #nowMs(): number {
    return this.#options.context.clock.now()
  }
}
