import type { Context, Row } from '../core/index.ts'
import { selectAssets } from './asset-selection.ts'
import type { AllocationQuery, OpenCostClient, Records } from './client.ts'
import { allocationCharges, assetCharges, focusRow } from './focus/focus-charges.ts'
import type { Levels } from './levels.ts'
import { assetRow, type Origin, readAllocationRow } from './rows.ts'
import type { TableOptions } from './tables.ts'

/** What costs are asked for, whatever the window. */
export interface CostQuestion extends Omit<AllocationQuery, 'window' | 'aggregate'>, TableOptions {
  readonly levels: Levels
  /** The tables of tables.ts (the default), or charges as FOCUS has them. */
  readonly layout?: 'kusto' | 'focus'
  /** The currency that OpenCost is set to, for charges. Default: USD. */
  readonly currency?: string | undefined
  /** As `filter` is for allocations: OpenCost's languages for the two have different names. */
  readonly assetFilter?: string | undefined
  /** Only assets of these types; none means all. */
  readonly filterTypes: readonly string[]
}

/** Asks an OpenCost for costs as rows of the tables of tables.ts. */
export class CostRows {
  readonly #client: OpenCostClient
  readonly #question: CostQuestion
  readonly #collectionTimeMs: number
  readonly #typesSeen = new Set<string>()

  constructor(client: OpenCostClient, question: CostQuestion, collectionTimeMs: number) {
    this.#client = client
    this.#question = question
    this.#collectionTimeMs = collectionTimeMs
  }

  /** The allocations of a window; resolves when the server begins to answer. */
  async allocations(window: string, context: Context): Promise<Records<Row>> {
    const { levels, includeIdle, shareIdle, step, accumulate, filter, layout, metadata, currency } = this.#question
    const query = { window, aggregate: levels.allocations, includeIdle, shareIdle, step, accumulate, filter }
    if (layout === 'focus')
      return mapped(await this.#client.allocations(query, context), (allocation) =>
        allocationCharges(allocation, currency).map((charge) => focusRow(charge, metadata)),
      )
    const read = readAllocationRow(this.#origin(this.#client.address, context))
    return this.#client.readAllocations(query, read, context)
  }

  /** The assets of a window, filtered and added up here, since the server does neither. */
  async assets(window: string, context: Context): Promise<Records<Row>> {
    const { assetFilter: filter, levels, filterTypes: types, layout, metadata, currency } = this.#question
    const records = await this.#client.assets({ window, filter }, context)
    const origin = this.#origin(`${this.#client.address}/assets`, context)
    const selected = selectAssets(records, { level: levels.assets, types }, this.#typesSeen)
    return mapped(selected, (asset) =>
      layout === 'focus' ? assetCharges(asset, currency).map((charge) => focusRow(charge, metadata)) : [assetRow(asset, origin)],
    )
  }

  /** Those of the wanted types that no asset has had so far; and the types that there were. */
  missingTypes(): { readonly missing: readonly string[]; readonly seen: readonly string[] } {
    const seen = [...this.#typesSeen].sort()
    const known = new Set(seen.map((type) => type.toLowerCase()))
    return { missing: this.#question.filterTypes.filter((type) => !known.has(type.toLowerCase())), seen }
  }

  #origin(source: string, context: Context): Origin {
    const { schema, metadata } = this.#question
    return { schema, metadata, source, timestampMs: context.clock.now(), collectionTimeMs: this.#collectionTimeMs }
  }
}

async function* mapped<T>(records: Records<T>, rowsOf: (record: T) => readonly Row[]): Records<Row> {
  for await (const some of records) yield some.flatMap(rowsOf)
}
