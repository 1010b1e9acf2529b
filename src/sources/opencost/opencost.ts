import { revealed } from '../../http/index.ts'
import { OpenCostComputeSource } from '../../opencost/batches/compute-source.ts'
import { CostBatches, type CostBatchOptions } from '../../opencost/batches/cost-batches.ts'
import { OpenCostClient } from '../../opencost/client.ts'
import { parseWindow } from '../../opencost/window.ts'
import {
  type Batch,
  type Clock,
  type ComputeSource,
  type Context,
  defineSource,
  degraded,
  type ExportSource,
  type HealthStatus,
  healthy,
  toError,
  unhealthy,
  WaybillError,
  type Window,
  z,
} from '../../sdk.ts'
import { config } from './config.ts'

export interface OpenCostSourceOptions extends z.input<typeof config> {
  /** Default: `opencost`. */
  readonly name?: string
  readonly clock?: Clock
}

/**
 * Makes batches of costs: of the configured window, as it is now, and of any window that has closed. Live, a cluster that does not
 * answer is left out and told in the health; a window is computed of all clusters or not at all.
 */
export class OpenCostSource implements ExportSource<Batch>, ComputeSource<Batch> {
  readonly name: string
  readonly #window: string
  readonly #costs: CostBatches
  readonly #windows: OpenCostComputeSource
  #health: HealthStatus = healthy

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'opencost', clock, ...options }: OpenCostSourceOptions = {}) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of OpenCostSource: ${z.prettifyError(parsed.error)}`)
    const {
      endpoint,
      token,
      cluster,
      clusters,
      timeout,
      retries,
      headers,
      ca,
      insecure,
      kustoSchema: schema,
      settle,
      window,
      ...rest
    } = parsed.data
    const connection = { timeout, retries, headers, insecure, ...(ca !== undefined && { ca }) }
    const all = (clusters ?? [{ name: cluster, endpoint, token }]).map(({ name, endpoint, token }) => ({
      name,
      client: new OpenCostClient({ ...connection, endpoint, ...(token && { token }) }),
    }))
    const costs: CostBatchOptions = { ...rest, schema }
    this.name = name
    this.#window = window
    this.#costs = new CostBatches(all, costs)
    this.#windows = new OpenCostComputeSource(all, { ...costs, name, settle, ...(clock && { clock }) })
  }

  /** Rejects with WaybillError `SOURCE_UNAVAILABLE` when no cluster answers. */
  async make(at: Date, context: Context): Promise<Batch | undefined> {
    try {
      const window = parseWindow(this.#window, at.getTime())
      const { batch, problems } = await this.#costs.available({ window, timeMs: at.getTime() }, context)
      this.#health = problems.length > 0 ? degraded(problems.join('; ')) : healthy
      return batch
    } catch (thrown) {
      this.#health = unhealthy(toError(thrown).message)
      throw thrown
    }
  }

  canCompute(window: Window): boolean {
    return this.#windows.canCompute(window)
  }

  /** Rejects with WaybillError `SOURCE_UNAVAILABLE`. */
  async compute(window: Window, resolutionMs: number, context: Context): Promise<Batch | undefined> {
    try {
      const batch = await this.#windows.compute(window, resolutionMs, context)
      this.#health = healthy
      return batch
    } catch (thrown) {
      this.#health = unhealthy(toError(thrown).message)
      throw thrown
    }
  }

  stop(): Promise<void> {
    return this.#costs.close()
  }

  health(): HealthStatus {
    return this.#health
  }
}

/** Costs of Kubernetes, from OpenCost. */
export default defineSource({
  type: 'opencost',
  summary: 'Asks OpenCost what workloads and infrastructure cost, now and over spans of time.',
  signals: ['rows', 'metrics'],
  config,
  create({ name, config, host }) {
    const { clusters, ...rest } = config
    return new OpenCostSource({ ...revealed(rest), ...(clusters && { clusters: clusters.map(revealed) }), name, clock: host.clock })
  },
})
