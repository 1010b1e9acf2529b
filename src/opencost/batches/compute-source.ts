import {
  type Batch,
  type Clock,
  type ComputeSource,
  type Context,
  type Duration,
  parseDuration,
  systemClock,
  type Window,
} from '../../core/index.ts'
import { windowQuery } from '../window.ts'
import { CostBatches, type CostBatchOptions, type CostCluster } from './cost-batches.ts'

export interface ComputeSourceOptions extends CostBatchOptions {
  /** Default: that of the data. */
  readonly name?: string
  /** How long after its end OpenCost knows all of a window. Default: 10m. */
  readonly settle?: Duration
  readonly clock?: Clock
}

/** The costs of a window, for the compute controllers: hourly, daily, or of any length. A window with a cluster that does not answer is none. */
export class OpenCostComputeSource implements ComputeSource<Batch> {
  readonly name: string
  readonly #costs: CostBatches
  readonly #settleMs: number
  readonly #clock: Clock

  /** `clusters` is one OpenCost, or several that go into one table. Throws WaybillError `INVALID_OPTION` or `INVALID_DURATION`. */
  constructor(clusters: readonly CostCluster[], { name, settle = '10m', clock = systemClock, ...options }: ComputeSourceOptions) {
    this.name = name ?? options.data
    this.#costs = new CostBatches(clusters, options)
    this.#settleMs = parseDuration(settle)
    this.#clock = clock
  }

  /** A window that is open, as far as it is known, and one that is known as a whole. */
  canCompute({ end }: Window): boolean {
    const nowMs = this.#clock.now()
    return nowMs < end.getTime() || nowMs >= end.getTime() + this.#settleMs
  }

  /** Rejects with WaybillError `SOURCE_UNAVAILABLE`. OpenCost chooses the resolution itself. */
  async compute(window: Window, _resolutionMs: number, context: Context): Promise<Batch | undefined> {
    return this.#costs.whole({ window: { ...window, query: windowQuery(window) }, timeMs: window.end.getTime() }, context)
  }

  stop(): Promise<void> {
    return this.#costs.close()
  }
}
