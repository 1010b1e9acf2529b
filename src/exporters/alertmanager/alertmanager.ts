import { HttpDestination, revealed } from '../../http/index.ts'
import {
  type AlertsBatch,
  type Context,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  ok,
  partial,
  type Rejection,
  toError,
  tooLarge,
  WaybillError,
  z,
} from '../../sdk.ts'
import { type Config, config } from './config.ts'
import { FiringLabels, sameLabels } from './firing-labels.ts'
import { type AlertLabels, labelsOf, type PostedAlert, postedAlert, supersededAlert } from './posted-alert.ts'

export interface AlertmanagerExporterOptions extends z.input<typeof config> {
  /** Default: `alertmanager`. */
  readonly name?: string
}

/** What is to be posted, and what Alertmanager knows once it was. */
interface Posting {
  readonly alerts: readonly PostedAlert[]
  readonly told: ReadonlyMap<string, AlertLabels | undefined>
  readonly rejected: readonly (Rejection & { readonly index: number })[]
}

/**
 * Tells Prometheus Alertmanager of alerts, by version 2 of its API: that they fire, and that they are resolved. `ok` means that it has
 * taken all. An alert told twice is the same alert. No password or token is in an address, a message or a log.
 */
export class AlertmanagerExporter implements EventExporter<AlertsBatch> {
  readonly name: string
  readonly #config: Config
  readonly #destination: HttpDestination
  readonly #firing = new FiringLabels()

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'alertmanager', ...options }: AlertmanagerExporterOptions = {}) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of AlertmanagerExporter: ${z.prettifyError(parsed.error)}`)
    this.name = name
    this.#config = parsed.data
    this.#destination = new HttpDestination({
      ...parsed.data,
      advice: { 404: 'check the path of url; Alertmanager takes alerts at /api/v2/alerts from version 0.16 on' },
    })
  }

  get destination(): string {
    return this.#destination.address
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  start(context: Context): Promise<void> {
    return this.#destination.start(context)
  }

  async export(_time: Date, batch: AlertsBatch, context: Context): Promise<ExportResult> {
    const { alerts, told, rejected } = this.#posting(batch, context.clock.now())
    if (alerts.length === 0) return rejected.length > 0 ? partial(rejected) : ok
    const { result, answer } = await this.#destination.send(
      { path: '/api/v2/alerts', body: Buffer.from(JSON.stringify(alerts)), contentType: 'application/json' },
      context,
    )
    if (result.status === 'ok') {
      this.#firing.tell(told)
      return rejected.length > 0 ? partial(rejected) : ok
    }
    // Alertmanager takes the others then, and does not say which it refuses: alone, an alert tells for itself.
    if (result.status === 'reject' && answer?.status === 400 && batch.alerts.length > 1) return tooLarge(result.error)
    return result
  }

  /** Lets what is under way be answered, until the signal aborts. */
  stop(context: Context): Promise<void> {
    return this.#destination.stop(context)
  }

  health(): HealthStatus {
    return this.#destination.health()
  }

  #posting({ alerts: given }: AlertsBatch, nowMs: number): Posting {
    const alerts: PostedAlert[] = []
    const told = new Map<string, AlertLabels | undefined>()
    const rejected: (Rejection & { index: number })[] = []
    for (const [index, alert] of given.entries()) {
      const labels = labelsOf(alert, this.#config)
      const known = told.has(alert.id) ? told.get(alert.id) : this.#firing.get(alert.id)
      const resolved = alert.status === 'resolved'
      try {
        const posted = postedAlert(alert, resolved && known ? known : labels, this.#config, nowMs)
        if (!resolved && known && !sameLabels(known, labels)) alerts.push(supersededAlert(known, nowMs))
        alerts.push(posted)
        told.set(alert.id, resolved ? undefined : labels)
      } catch (thrown) {
        rejected.push({ index, error: toError(thrown) })
      }
    }
    return { alerts, told, rejected }
  }
}

/** Tells Alertmanager of alerts. */
export default defineExporter({
  type: 'alertmanager',
  summary: 'Tells Prometheus Alertmanager of alerts, when they fire and when they are resolved.',
  stability: 'beta',
  signals: ['alerts'],
  config,
  traits: {
    formats: 'JSON of its API, version 2',
    compression: 'none',
    authentication: 'API key, bearer, basic, OAuth 2.0, client certificate',
    order: 'as given',
    repeats: 'one alert',
    limits: 'by 413, in halves; refused alerts likewise',
    tested: 'Alertmanager 0.25',
  },
  create: ({ name, config }) => new AlertmanagerExporter({ ...revealed(config), name }),
})
