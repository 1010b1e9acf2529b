import {
  type Context,
  type ExportResult,
  formatAddress,
  type HealthStatus,
  healthy,
  type ListenAddress,
  ok,
  type Point,
  parseListenAddress,
  retry,
  type Secret,
  series,
  unhealthy,
  type WaybillError,
} from '../../sdk.ts'
import type { Exposition } from './exposition.ts'
import { MetricsServer } from './metrics-server.ts'
import { negotiateFormat } from './negotiate.ts'
import type { Way } from './way.ts'

export interface PullOptions {
  readonly listen: string
  readonly path: string
  readonly token: Secret | undefined
}

/** Exposes metrics to be scraped. Delivered is what can be scraped from now on. */
export class Pull implements Way {
  readonly #exposition: Exposition
  readonly #listen: ListenAddress
  readonly #path: string
  readonly #token: Secret | undefined
  #lastExportMs: number | undefined
  #starting: Promise<void> | undefined
  #closing: Promise<void> = Promise.resolve()
  #server: MetricsServer | undefined
  #stopped = false
  #failure: WaybillError | undefined

  constructor(exposition: Exposition, { listen, path, token }: PullOptions) {
    this.#exposition = exposition
    this.#listen = parseListenAddress(listen)
    this.#path = path
    this.#token = token
  }

  address(): ListenAddress | undefined {
    return this.#server?.address
  }

  get destination(): string {
    return `http://${formatAddress(this.address() ?? this.#listen)}${this.#path}`
  }

  start(context: Context): Promise<void> {
    this.#stopped = false
    this.#starting ??= this.#open(context)
    return this.#starting
  }

  unavailable(): ExportResult | undefined {
    if (this.#server) return undefined
    return retry(this.#failure ?? new Error(`it does not listen ${this.#stopped ? 'any more' : 'yet'}`), { scope: 'destination' })
  }

  async deliver({ clock }: Context): Promise<ExportResult> {
    this.#lastExportMs = clock.monotonic()
    return ok
  }

  async stop(): Promise<void> {
    this.#stopped = true
    const starting = this.#starting
    this.#starting = undefined
    this.#closing = Promise.all([this.#closing, starting?.catch(() => {})]).then(() => this.#close())
    await this.#closing
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    if (this.#failure) return unhealthy(this.#failure.explain())
    return this.#server ? healthy : { state: 'starting' }
  }

  async #open({ clock, log }: Context): Promise<void> {
    await this.#closing
    const server = new MetricsServer({
      address: this.#listen,
      path: this.#path,
      token: this.#token,
      clock,
      log,
      expose: (accept) => this.#exposition.text(negotiateFormat(accept), clock.monotonic(), this.#ownPoints(clock.monotonic())),
    })
    try {
      await server.listen()
    } catch (thrown) {
      this.#starting = undefined
      this.#failure = thrown as WaybillError
      throw thrown
    }
    this.#failure = undefined
    this.#server = server
  }

  async #close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    await server?.close()
  }

  /** What the exporter says of itself, so that an exposition is never empty and shows when nothing comes any more. */
  #ownPoints(nowMs: number): readonly Point[] {
    const count: Point = { series: exposedCount, timeMs: nowMs, value: this.#exposition.size }
    if (this.#lastExportMs === undefined) return [count]
    return [count, { series: lastExportAge, timeMs: nowMs, value: (nowMs - this.#lastExportMs) / 1000 }]
  }
}

const exposedCount = series('waybill.prometheus.series', {}, { unit: '{series}', help: 'Series that are exposed.' })
const lastExportAge = series('waybill.prometheus.last_export.age', {}, { unit: 's', help: 'How long ago points came last.' })
