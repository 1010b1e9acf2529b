import {
  type Batch,
  type Context,
  defineProcessor,
  duration,
  type Log,
  type Processor,
  type Series,
  WaybillError,
  withRecords,
  z,
} from '../../sdk.ts'
import { widestLabel } from './widest-label.ts'

const config = z.object({
  maxSeries: z.int().min(1).default(10_000).describe('How many different series pass in a window; points of further ones are dropped.'),
  window: duration().prefault('1h').describe('After this long the count starts anew.'),
})

export interface LimitCardinalityProcessorOptions extends z.input<typeof config> {
  /** Default: `limit_cardinality`. */
  readonly name?: string
}

/** Lets the first `maxSeries` series of each window pass, and drops the points of others. Keeps no more than these in memory. */
export class LimitCardinalityProcessor implements Processor {
  readonly name: string
  readonly #maxSeries: number
  readonly #windowMs: number
  /** Of this window, by key. */
  readonly #passing = new Map<string, Series>()
  #sinceMs = Number.NEGATIVE_INFINITY
  #warned = false

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'limit_cardinality', ...options }: LimitCardinalityProcessorOptions = {}) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of LimitCardinalityProcessor: ${z.prettifyError(parsed.error)}`)
    this.name = name
    this.#maxSeries = parsed.data.maxSeries
    this.#windowMs = parsed.data.window
  }

  process(batch: Batch, { clock, log }: Context): Batch {
    if (batch.signal !== 'metrics') return batch
    this.#renew(clock.monotonic())
    return withRecords(
      batch,
      batch.points.filter(({ series }) => this.#passes(series, log)),
    )
  }

  /** Begins a window when the one before is over. */
  #renew(nowMs: number): void {
    if (nowMs - this.#sinceMs < this.#windowMs) return
    this.#passing.clear()
    this.#sinceMs = nowMs
    this.#warned = false
  }

  #passes(series: Series, log: Log): boolean {
    if (this.#passing.has(series.key)) return true
    if (this.#passing.size < this.#maxSeries) {
      this.#passing.set(series.key, series)
      return true
    }
    if (!this.#warned) {
      const widest = widestLabel([...this.#passing.values(), series])
      log.warn('too many series: points of further ones are dropped', { processor: this.name, maxSeries: this.#maxSeries, ...widest })
    }
    this.#warned = true
    return false
  }
}

/** Guards what comes after it from too many series. */
export default defineProcessor({
  type: 'limit_cardinality',
  summary: 'Drops points of further series when there are too many.',
  signals: ['metrics'],
  config,
  create: ({ name, config }) => new LimitCardinalityProcessor({ ...config, name }),
})
