import { type Context, createContext, type Row, type Table } from '../core/index.ts'
import { ahead } from './ahead.ts'
import type { OpenCostClient, Records } from './client.ts'
import { type CostQuestion, CostRows } from './cost-rows.ts'
import { focusTable } from './focus/focus-table.ts'
import type { Output, RowOutput } from './output.ts'
import { type RowFormat, rowWriter } from './row-writer.ts'
import { allocationTable, assetsTable } from './tables.ts'
import type { CostWindow } from './window.ts'

export const dataTypes = ['allocation', 'assets'] as const
export type DataType = (typeof dataTypes)[number]

/** An export: of what, and where to. */
export interface ExportPlan {
  readonly question: CostQuestion
  /** Each is asked for by itself. */
  readonly steps: readonly CostWindow[]
  /** How many requests at a time. */
  readonly concurrency: number
  readonly format: RowFormat
  readonly collectionTimeMs: number
  readonly exports: readonly PlannedExport[]
  /** Told when rows or a step are written. */
  onProgress?(progress: Progress): void
}

export interface PlannedExport {
  readonly type: DataType
  /** One of rows has no use for the plan's `format`. */
  readonly output: Output | RowOutput
  /** How much of it is written already. */
  readonly done: { readonly steps: number; readonly rows: number }
}

export interface Progress {
  readonly type: DataType
  readonly steps: number
  readonly rows: number
}

/** How many rows each export came to; nothing is written for one without any. */
export type Exported = Readonly<Partial<Record<DataType, number>>>

/**
 * Fetches and writes everything, in memory for a few rows, and lets all outputs appear when the last is complete. When it fails none
 * does, but for rows that somebody has taken already: it rejects with WaybillError, what can be gone on from is kept.
 */
export async function exportCosts(client: OpenCostClient, plan: ExportPlan, context: Context = createContext()): Promise<Exported> {
  const ending = new AbortController()
  const within = { ...context, signal: AbortSignal.any([context.signal, ending.signal]) }
  const rows = new CostRows(client, plan.question, plan.collectionTimeMs)
  const counts: Partial<Record<DataType, number>> = {}
  try {
    for (const planned of plan.exports) counts[planned.type] = await exportOne(plan, planned, rows, within)
    for (const { output } of plan.exports) await output.commit()
  } catch (thrown) {
    await Promise.all(plan.exports.map(({ output }) => output.discard()))
    throw thrown
  } finally {
    ending.abort()
  }
  const { missing, seen } = rows.missingTypes()
  // Of steps that were written before, the types are not known.
  const all = plan.exports.some(({ type, done }) => type === 'assets' && done.steps === 0)
  if (all && missing.length > 0) context.log.warn(`no asset is of the type ${missing.join(', ')}; there are: ${seen.join(', ') || 'none'}`)
  return counts
}

async function exportOne(plan: ExportPlan, planned: PlannedExport, costs: CostRows, context: Context): Promise<number> {
  const { type, output, done } = planned
  const open = ({ query }: CostWindow): Promise<Records<Row>> =>
    type === 'allocation' ? costs.allocations(query, context) : costs.assets(query, context)
  const { take, end } = takerOf(plan, planned)
  let { rows, steps } = done
  for await (const records of ahead(plan.steps.slice(steps), plan.concurrency, open)) {
    for await (const some of records) {
      if (some.length === 0) continue
      await take(some)
      rows += some.length
      plan.onProgress?.({ type, steps, rows })
    }
    steps++
    if ('mark' in output) await output.mark?.({ steps, rows })
    plan.onProgress?.({ type, steps, rows })
  }
  if (rows > 0) await end?.()
  return rows
}

/** What takes rows, and is told when there are no more; in bytes where the output is one of bytes. */
interface Taker {
  take(rows: readonly Row[]): Promise<void>
  end?(): Promise<void>
}

function takerOf({ question, format }: ExportPlan, { type, output, done }: PlannedExport): Taker {
  const table = tableOf(question, type)
  if ('take' in output) return { take: (rows) => output.take(table, rows) }
  const writer = rowWriter(format, table)
  let first = done.rows === 0
  return {
    async take(rows) {
      if (first) await output.write(Buffer.from(writer.head))
      await output.write(writer.rows(rows, first))
      first = false
    },
    end: () => output.write(Buffer.from(writer.tail)),
  }
}

function tableOf(question: CostQuestion, type: DataType): Table {
  if (question.layout === 'focus') return focusTable(question.metadata)
  return type === 'allocation' ? allocationTable(question) : assetsTable(question)
}
