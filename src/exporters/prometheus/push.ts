import { type Answer, HttpDestination, type HttpDestinationOptions, type HttpRequest } from '../../http/index.ts'
import { type Context, type ExportResult, type HealthStatus, orAborted, retry } from '../../sdk.ts'
import type { Config } from './config.ts'
import type { Exposition } from './exposition.ts'
import { groupPath } from './grouping-key.ts'
import type { Way } from './way.ts'

export interface PushOptions extends Pick<Config, 'pushMethod' | 'deleteOnShutdown'>, HttpDestinationOptions {
  /** That tell the group from others, `job` first. */
  readonly group: Readonly<Record<string, string>>
}

/**
 * Pushes metrics to a Pushgateway, all that are held each time, one push after the other: what came last stands. Delivered is what
 * the Pushgateway has taken.
 */
export class Push implements Way {
  readonly #exposition: Exposition
  readonly #options: PushOptions
  readonly #gateway: HttpDestination
  readonly #path: string
  #last: Promise<unknown> = Promise.resolve()
  #pushed = false

  constructor(exposition: Exposition, options: PushOptions) {
    this.#exposition = exposition
    this.#options = options
    this.#gateway = new HttpDestination({ ...options, addressOption: 'pushgateway_url', advice, interpret })
    this.#path = groupPath(options.group)
  }

  get destination(): string {
    return this.#gateway.address
  }

  address(): undefined {}

  unavailable(): undefined {}

  start(context: Context): Promise<void> {
    return this.#gateway.start(context)
  }

  async deliver(context: Context): Promise<ExportResult> {
    const pushed = this.#last.then(() => this.#push(context))
    this.#last = pushed.catch(() => {})
    return (await orAborted(pushed, context.signal)) ?? retry(new Error(`aborted before ${this.destination} had answered`))
  }

  async stop(context: Context): Promise<void> {
    if (this.#options.deleteOnShutdown && this.#pushed) await this.#delete(context)
    await this.#gateway.stop(context)
  }

  health(): HealthStatus {
    return this.#gateway.health()
  }

  async #push(context: Context): Promise<ExportResult> {
    const { body, contentType } = await this.#exposition.text('text', context.clock.monotonic())
    const method = this.#options.pushMethod === 'replace' ? 'PUT' : 'POST'
    const result = await this.#send({ method, body, contentType }, context)
    if (result.status === 'ok') this.#pushed = true
    return result
  }

  async #delete(context: Context): Promise<void> {
    await orAborted(this.#last, context.signal)
    this.#pushed = false
    const result = await this.#send({ method: 'DELETE' }, context)
    if ('error' in result) context.log.warn('the metrics could not be taken from the Pushgateway', { error: result.error })
  }

  async #send(request: HttpRequest, context: Context): Promise<ExportResult> {
    const { result } = await this.#gateway.send({ ...request, path: this.#path }, context)
    return result
  }
}

const advice = {
  400: 'the Pushgateway has a metric of the same name in another group that is of another type, or a label that is not allowed',
  404: 'check pushgateway_url: the address in front of /metrics',
  413: 'lower max_series, or let the proxy before the Pushgateway pass larger bodies',
}

/** All that is held is pushed each time, so smaller batches would not make it smaller. */
function interpret({ status }: Answer, usual: ExportResult): ExportResult {
  return status === 413 && 'error' in usual ? retry(usual.error, { scope: 'destination' }) : usual
}
