import { type Context, createContext, type Row, type Table } from '../core/index.ts'
import type { Allocation } from './allocation.ts'
import type { NamedAsset } from './asset.ts'
import { selectAssets, typesOf } from './asset-selection.ts'
import { type AllocationQuery, OpenCostClient, type OpenCostClientOptions } from './client.ts'
import type { CostQuestion } from './cost-rows.ts'
import { type DataType, exportCosts } from './export-costs.ts'
import { fileNameOf, fileTime } from './file-name.ts'
import { chooseLevels } from './levels.ts'
import { FileOutput } from './output.ts'
import { extensionOf, type RowFormat } from './row-writer.ts'
import { allocationRow, assetRow, type Origin } from './rows.ts'
import { stepsOf } from './steps.ts'
import { allocationTable, assetsTable, type KustoSchema, type RunMetadata, type TableOptions } from './tables.ts'
import { parseWindow } from './window.ts'
import { writeRows } from './write-rows.ts'

/** How allocations are asked for; `window` is 1h by default. */
export type AllocationOptions = Partial<Pick<AllocationQuery, 'window' | 'aggregate' | 'includeIdle' | 'shareIdle'>>

export interface AssetOptions {
  /** Default: 1h. */
  readonly window?: string
  /** Default: type. */
  readonly aggregate?: string
  /** Asks for each step of the window by itself; a number of milliseconds. */
  readonly stepMs?: number
  /** Only these types: `Disk,LoadBalancer`. */
  readonly filterTypes?: string
}

export interface FileOptions {
  /** Default: a name from the level, the window and the time. */
  readonly filename?: string
  /** Default: kusto. */
  readonly outputFormat?: RowFormat
}

export interface LiveExporterOptions extends Omit<OpenCostClientOptions, 'endpoint'> {
  /** Default: v1. */
  readonly kustoSchema?: KustoSchema
  readonly context?: Context
}

interface LiveExport {
  readonly window: string
  readonly stepMs?: number | undefined
  readonly name: string
  readonly format: RowFormat
}

/** Exports costs as they are now, in one call each. For long windows, several at a time and resuming there is `exportCosts`. */
export class OpenCostLiveExporter {
  readonly #client: OpenCostClient
  readonly #metadata: RunMetadata
  readonly #schema: KustoSchema
  readonly #context: Context

  /** `metadata` comes with every row. Throws WaybillError `INVALID_OPTION`. */
  constructor(endpoint?: string, metadata: RunMetadata = {}, { kustoSchema = 'v1', context, ...options }: LiveExporterOptions = {}) {
    this.#client = new OpenCostClient({ ...options, ...(endpoint !== undefined && { endpoint }) })
    this.#metadata = metadata
    this.#schema = kustoSchema
    this.#context = context ?? createContext()
  }

  async getAllocationData({
    window = '1h',
    aggregate,
    includeIdle = false,
    shareIdle = false,
  }: AllocationOptions = {}): Promise<Allocation[]> {
    const levels = chooseLevels(aggregate)
    const records = await this.#client.allocations({ window, aggregate: levels.allocations, includeIdle, shareIdle }, this.#context)
    return (await Array.fromAsync(records)).flat()
  }

  async getAssetsData({ window = '1h', aggregate, stepMs, filterTypes }: AssetOptions = {}): Promise<NamedAsset[]> {
    const selection = { level: chooseLevels(undefined, aggregate).assets, types: typesOf(filterTypes) }
    const nowMs = this.#context.clock.now()
    const found: NamedAsset[] = []
    for (const { query } of stepsOf(parseWindow(window, nowMs), stepMs, nowMs)) {
      const records = await this.#client.assets({ window: query }, this.#context)
      for await (const assets of selectAssets(records, selection)) found.push(...assets)
    }
    return found
  }

  /** Writes allocations to a file and resolves with its name; undefined, and no file, when there are none. */
  async exportToKustoFormat(allocations: readonly Allocation[], filename?: string): Promise<string | undefined> {
    const origin = this.#origin('allocation')
    const rows = allocations.map((allocation) => allocationRow(allocation, origin))
    return this.#write(allocationTable(origin), rows, filename ?? this.#name('live', [], 'kusto'))
  }

  /** The same of assets. */
  async exportAssetsToKustoFormat(assets: readonly NamedAsset[], filename?: string): Promise<string | undefined> {
    const origin = this.#origin('assets')
    const rows = assets.map((asset) => assetRow(asset, origin))
    return this.#write(assetsTable(origin), rows, filename ?? this.#name('assets', [], 'kusto'))
  }

  /** Exports allocations in constant memory. Resolves with the file's name; undefined, and no file, when there are none. */
  async exportLiveData({
    filename,
    outputFormat = 'kusto',
    window = '1h',
    aggregate,
    ...query
  }: AllocationOptions & FileOptions = {}): Promise<string | undefined> {
    const levels = chooseLevels(aggregate)
    const name = filename ?? this.#name('live', [levels.allocations, window], outputFormat)
    return this.#export('allocation', { ...query, levels, filterTypes: [] }, { window, name, format: outputFormat })
  }

  /** Exports assets. Resolves with the file's name; undefined, and no file, when there are none. */
  async exportAssetsLiveData({
    filename,
    outputFormat = 'kusto',
    window = '1h',
    aggregate,
    stepMs,
    filterTypes,
  }: AssetOptions & FileOptions = {}): Promise<string | undefined> {
    const levels = chooseLevels(undefined, aggregate)
    const types = typesOf(filterTypes)
    const name = filename ?? this.#name('assets', [levels.assets, window, types.join('_')], outputFormat)
    return this.#export('assets', { levels, filterTypes: types }, { window, stepMs, name, format: outputFormat })
  }

  /** Closes the connections, which are opened again when needed. */
  close(): Promise<void> {
    return this.#client.close()
  }

  async #export(type: DataType, question: Omit<CostQuestion, keyof TableOptions>, destination: LiveExport): Promise<string | undefined> {
    const { window, stepMs, name, format } = destination
    const nowMs = this.#context.clock.now()
    const counts = await exportCosts(
      this.#client,
      {
        question: { ...question, schema: this.#schema, metadata: this.#metadata },
        steps: stepsOf(parseWindow(window, nowMs), stepMs, nowMs),
        concurrency: 1,
        format,
        collectionTimeMs: nowMs,
        exports: [{ type, output: new FileOutput(name), done: { steps: 0, rows: 0 } }],
      },
      this.#context,
    )
    return counts[type] === 0 ? undefined : name
  }

  async #write(table: Table, rows: readonly Row[], name: string): Promise<string | undefined> {
    if (rows.length === 0) return undefined
    await writeRows([{ path: name, table, rows }])
    return name
  }

  #origin(type: DataType): Origin {
    const nowMs = this.#context.clock.now()
    const source = type === 'allocation' ? this.#client.address : `${this.#client.address}/assets`
    return { source, timestampMs: nowMs, collectionTimeMs: nowMs, schema: this.#schema, metadata: this.#metadata }
  }

  #name(kind: 'live' | 'assets', parts: readonly string[], format: RowFormat): string {
    return fileNameOf([`opencost_${kind}`, ...parts, fileTime(this.#context.clock.now())], extensionOf(format))
  }
}
