import { Increments } from '../../codecs/increments/increments.ts'
import { type HttpDestination, revealed } from '../../http/index.ts'
import {
  type AlertsBatch,
  type Context,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  healthy,
  type LogsBatch,
  type MetricsBatch,
  retry,
  Secret,
  type TracesBatch,
  WaybillError,
  z,
} from '../../sdk.ts'
import { type ApiName, apisOf } from './apis.ts'
import { type Config, config, fromEnvironment } from './config.ts'
import { ageProblem, ages, attributesProblem, eventAttributes, logAttributes, metricAttributes } from './limits.ts'
import { eventsOfPoints, eventsOfSpans, type MadeEvent } from './made-events.ts'
import { type MetricData, metricData } from './metric-data.ts'
import { both, partsOf, type Said, sendBlocks } from './payload.ts'
import { alertData, alertTimeMs, logData, spanData } from './records.ts'

export interface NewRelicExporterOptions extends z.input<typeof config> {
  /** Default: `newrelic`. */
  readonly name?: string
}

type NewRelicBatch = MetricsBatch | TracesBatch | LogsBatch | AlertsBatch

/**
 * Sends points, spans and log records to New Relic, alerts as events, and events that are made of points and spans. `ok` means that it has
 * taken all, in as many requests as its limits ask for. The key is sent in a header, and is in no address, message or log.
 */
export class NewRelicExporter implements EventExporter<NewRelicBatch> {
  readonly name: string
  readonly #config: Config
  readonly #apis: Readonly<Partial<Record<ApiName, HttpDestination>>>
  #increments: Increments | undefined

  /** What is not given is as the environment says. Throws WaybillError `INVALID_OPTION`, also where there is no key. */
  constructor({ name = 'newrelic', ...options }: NewRelicExporterOptions = {}) {
    const parsed = config.safeParse({ ...fromEnvironment(process.env), ...options })
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of NewRelicExporter: ${z.prettifyError(parsed.error)}`)
    const { licenseKey, eventTypes } = parsed.data
    if (!licenseKey)
      throw new WaybillError('INVALID_OPTION', 'New Relic needs a license key', { hint: 'give license_key, or set NEW_RELIC_LICENSE_KEY' })
    this.name = name
    this.#config = parsed.data
    this.#apis = apisOf(parsed.data, new Secret(licenseKey.reveal()))
    if (!this.#apis.events && Object.keys(eventTypes).length > 0) throw new WaybillError('INVALID_OPTION', noAccount, { hint: giveAccount })
  }

  get destination(): string {
    return this.#apis.metrics!.address
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  async start(context: Context): Promise<void> {
    this.#increments ??= new Increments(context.clock.now())
    await Promise.all(Object.values(this.#apis).map((api) => api.start(context)))
  }

  async export(_time: Date, batch: NewRelicBatch, context: Context): Promise<ExportResult> {
    switch (batch.signal) {
      case 'metrics':
        return this.#exportMetrics(batch, context)
      case 'traces':
        return this.#exportTraces(batch, context)
      case 'logs':
        return this.#exportLogs(batch, context)
      case 'alerts':
        return this.#exportAlerts(batch, context)
    }
  }

  /** Lets what is under way be answered, until the signal aborts. */
  async stop(context: Context): Promise<void> {
    await Promise.all(Object.values(this.#apis).map((api) => api.stop(context)))
  }

  /** Unhealthy as soon as one of its addresses is. */
  health(): HealthStatus {
    const all = Object.values(this.#apis).map((api) => api.health())
    return all.find(({ state }) => state !== 'healthy') ?? healthy
  }

  #exportMetrics({ points }: MetricsBatch, context: Context): Promise<ExportResult> {
    this.#increments ??= new Increments(context.clock.now())
    const increments = this.#increments
    const nowMs = context.clock.now()
    const themselves = () =>
      increments.deliver(points, context.signal, (grown) => {
        const said = points.map((point, index): readonly [readonly number[], Said] => {
          const increment = grown[index]
          if (!increment) return [[index], []]
          const data = metricData(point, increment, this.#config.interval)
          return [[index], ageProblem(point.timeMs, nowMs, ages.metrics) ?? metricProblem(data) ?? data]
        })
        return this.#send('metrics', said, context, 'metrics')
      })
    return this.#withEvents(eventsOfPoints(points, this.#config.eventTypes), themselves, context)
  }

  #exportTraces({ spans }: TracesBatch, context: Context): Promise<ExportResult> {
    const themselves = () => {
      const said = spans.map((span, index): readonly [readonly number[], Said] => {
        const data = spanData(span)
        return [[index], attributesProblem(data.attributes, eventAttributes) ?? [data]]
      })
      return this.#send('traces', said, context, 'spans')
    }
    return this.#withEvents(eventsOfSpans(spans, this.#config.eventTypes), themselves, context)
  }

  #exportLogs({ records }: LogsBatch, context: Context): Promise<ExportResult> {
    const said = records.map((record, index): readonly [readonly number[], Said] => {
      const data = logData(record)
      return [
        [index],
        ageProblem(data.timestamp, context.clock.now(), ages.logs) ?? attributesProblem(data.attributes, logAttributes) ?? [data],
      ]
    })
    return this.#send('logs', said, context, 'logs')
  }

  async #exportAlerts({ alerts }: AlertsBatch, context: Context): Promise<ExportResult> {
    const said = alerts.map((alert, index) => [[index], this.#event(alertData(alert), alertTimeMs(alert), context)] as const)
    return this.#send('events', said, context)
  }

  #withEvents(made: readonly MadeEvent[], themselves: () => Promise<ExportResult>, context: Context): Promise<ExportResult> {
    if (made.length === 0) return themselves()
    const said = made.map(({ event, records }) => [records, this.#event(event, event.timestamp as number, context)] as const)
    return both(() => this.#send('events', said, context), themselves)
  }

  /** Events have no common block. */
  #event(given: Readonly<Record<string, unknown>>, timeMs: number, { clock }: Context): Said {
    const event = { ...this.#config.commonAttributes, ...given }
    return ageProblem(timeMs, clock.now(), ages.events) ?? attributesProblem(event, eventAttributes) ?? [event]
  }

  async #send(api: ApiName, said: Iterable<readonly [readonly number[], Said]>, context: Context, key?: string): Promise<ExportResult> {
    const destination = this.#apis[api]
    if (!destination) return retry(new Error(`${noAccount}: ${giveAccount}`), { scope: 'destination' })
    const headers = api === 'traces' ? traceHeaders : {}
    return sendBlocks(partsOf(said), {
      ...(key !== undefined && { key }),
      common: this.#config.commonAttributes,
      send: async (body) => (await destination.send({ body, contentType: 'application/json', headers }, context)).result,
    })
  }
}

const noAccount = 'New Relic takes events only for an account'
const giveAccount = 'give account_id, or set NEW_RELIC_ACCOUNT_ID'

const traceHeaders = { 'Data-Format': 'newrelic', 'Data-Format-Version': '1' }

const notFinite = new Error('New Relic has no NaN and no infinity')

function metricProblem(data: readonly MetricData[]): Error | undefined {
  for (const { name, value, attributes } of data) {
    const numbers = typeof value === 'number' ? [value] : Object.values(value)
    if (!numbers.every(Number.isFinite)) return notFinite
    if (name.length >= 255) return new Error(`the name of the metric has ${name.length} characters, where New Relic takes 254`)
    const problem = attributesProblem(attributes, metricAttributes)
    if (problem) return problem
  }
  return undefined
}

/** Sends points, spans, log records and alerts to New Relic. */
export default defineExporter({
  type: 'newrelic',
  summary: 'Sends metrics, traces and logs to New Relic, and alerts as events.',
  stability: 'beta',
  signals: ['metrics', 'traces', 'logs', 'alerts'],
  config,
  traits: {
    formats: 'JSON',
    compression: 'gzip',
    authentication: 'license key',
    order: 'as given',
    repeats: 'twice',
    limits: '1 MB a request, split; then by 413 in halves',
    tested: 'a server of the tests after the published APIs',
  },
  create: ({ name, config }) => new NewRelicExporter({ ...revealed(config), name }),
})
