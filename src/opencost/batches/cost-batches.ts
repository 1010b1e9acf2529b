import { type Batch, type Context, metrics, type Point, type Row, toError } from '../../core/index.ts'
import { selectAssets } from '../asset-selection.ts'
import type { OpenCostClient, Records } from '../client.ts'
import { chooseLevels } from '../levels.ts'
import { allocationRow, assetRow, type Origin } from '../rows.ts'
import { allocationTable, assetsTable, type TableOptions } from '../tables.ts'
import type { CostWindow } from '../window.ts'
import { allocationPoints, assetPoints } from './cost-points.ts'
import { cellsOf, ownColumns } from './own-columns.ts'

/** One OpenCost of several. */
export interface CostCluster {
  /** What the column Cluster says; without it what OpenCost does. */
  readonly name?: string | undefined
  readonly client: OpenCostClient
}

/** What costs batches are made of. */
export interface CostBatchOptions extends Partial<TableOptions> {
  readonly data: 'allocations' | 'assets'
  /** Rows of one table, or metrics. Default: rows. */
  readonly as?: 'rows' | 'metrics' | undefined
  /** What they are added up by; as in `waybill opencost export`. */
  readonly aggregate?: string | undefined
  readonly includeIdle?: boolean | undefined
  readonly shareIdle?: boolean | undefined
  readonly filter?: string | undefined
  /** Only assets of these types. */
  readonly filterTypes?: readonly string[] | undefined
  /** Labels of Kubernetes that become columns, or labels of the metrics. */
  readonly labels?: readonly string[] | undefined
  /** The currency that OpenCost is set to, for metrics. Default: USD. */
  readonly currency?: string | undefined
}

/** What a batch says of its window. */
export interface BatchTime {
  readonly window: CostWindow
  /** The time of metrics. */
  readonly timeMs: number
}

/** Makes batches of the costs of one or several clusters, all in one table, which has a column Cluster. */
export class CostBatches {
  readonly #clusters: readonly CostCluster[]
  readonly #options: CostBatchOptions
  readonly #levels: ReturnType<typeof chooseLevels>
  readonly #table: TableOptions

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor(clusters: readonly CostCluster[], options: CostBatchOptions) {
    const { data, aggregate, schema = 'v1', metadata = {} } = options
    this.#clusters = clusters
    this.#options = options
    this.#levels = data === 'assets' ? chooseLevels(undefined, aggregate) : chooseLevels(aggregate)
    this.#table = { schema, metadata }
  }

  /** The costs of a window in all clusters; undefined when there are none. Rejects when one cluster does not tell. */
  async whole(time: BatchTime, context: Context): Promise<Batch | undefined> {
    const parts = await Promise.all(this.#clusters.map((cluster) => this.#one(cluster, time, context)))
    return this.#batch(parts)
  }

  /** The same of the clusters that tell, and why the others do not. Rejects when none tells. */
  async available(time: BatchTime, context: Context): Promise<{ batch: Batch | undefined; problems: readonly string[] }> {
    const settled = await Promise.allSettled(this.#clusters.map((cluster) => this.#one(cluster, time, context)))
    const failed = settled.filter((result) => result.status === 'rejected')
    if (failed.length > 0 && failed.length === settled.length) throw failed[0]!.reason
    return {
      batch: this.#batch(settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))),
      problems: failed.map(({ reason }) => toError(reason).message),
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#clusters.map(({ client }) => client.close()))
  }

  #one(cluster: CostCluster, time: BatchTime, context: Context): Promise<(Row | Point)[]> {
    return this.#options.data === 'assets' ? this.#assets(cluster, time, context) : this.#allocations(cluster, time, context)
  }

  async #allocations({ name, client }: CostCluster, { window, timeMs }: BatchTime, context: Context): Promise<(Row | Point)[]> {
    const { includeIdle, shareIdle, filter, labels = [], as, currency = 'USD' } = this.#options
    const query = { window: window.query, aggregate: this.#levels.allocations, includeIdle, shareIdle, filter }
    const origin = this.#origin(client.address, context)
    return collected(await client.allocations(query, context), (allocation) => {
      const own = { cluster: name ?? allocation.properties?.cluster, labels: allocation.properties?.labels }
      if (as === 'metrics') return allocationPoints(allocation, { ...own, wanted: labels, window, timeMs, currency })
      return [[...allocationRow(allocation, origin), ...cellsOf(own, labels, window)]]
    })
  }

  async #assets({ name, client }: CostCluster, { window, timeMs }: BatchTime, context: Context): Promise<(Row | Point)[]> {
    const { filter, filterTypes: types = [], labels = [], as, currency = 'USD' } = this.#options
    const selection = { level: this.#levels.assets, types }
    const origin = this.#origin(`${client.address}/assets`, context)
    const records = selectAssets(await client.assets({ window: window.query, filter }, context), selection)
    return collected(records, (asset) => {
      const own = { cluster: name ?? asset.asset.properties?.cluster, labels: asset.asset.labels }
      if (as === 'metrics') return assetPoints(asset, { ...own, wanted: labels, window, timeMs, currency })
      return [[...assetRow(asset, origin), ...cellsOf(own, labels, window)]]
    })
  }

  #origin(source: string, context: Context): Origin {
    const nowMs = context.clock.now()
    return { ...this.#table, source, timestampMs: nowMs, collectionTimeMs: nowMs }
  }

  #batch(parts: readonly (Row | Point)[][]): Batch | undefined {
    const { data, as, labels = [] } = this.#options
    const records = parts.flat()
    if (records.length === 0) return undefined
    if (as === 'metrics') return metrics(records as Point[])
    const { name, columns } = data === 'assets' ? assetsTable(this.#table) : allocationTable(this.#table)
    return { signal: 'rows', table: { name, columns: [...columns, ...ownColumns(labels)] }, rows: records as Row[] }
  }
}

async function collected<T>(records: Records<T>, make: (record: T) => readonly (Row | Point)[]): Promise<(Row | Point)[]> {
  const made: (Row | Point)[] = []
  for await (const some of records) for (const record of some) made.push(...make(record))
  return made
}
