import type { Batch, Point } from '../../sdk.ts'
import { deliveriesTable } from './delivered-once.ts'
import { folded, identifierOf } from './identifier.ts'
import { namedRows } from './row-tables.ts'
import { signalRows } from './signal-tables.ts'
import type { TableRows } from './table-shape.ts'
import { WideLayout } from './wide-layout.ts'

export interface TablePlanOptions {
  readonly tableName?: string | undefined
  readonly columnMapping?: Readonly<Record<string, string>> | undefined
  readonly labelColumns: readonly string[]
  /** What becomes of distributions where a metric has a column, see `WideLayoutOptions`. */
  readonly distributions: 'json' | 'reject'
}

/** Points for the long layout, to be read under the name `name`. */
export interface LongPoints {
  readonly name: string
  readonly points: readonly Point[]
}

const names = { metrics: 'metrics', traces: 'spans', logs: 'logs', alerts: 'alerts' } as const

/** Decides which table a batch goes to and in what form. A table holds one thing: what came first has it. */
export class TablePlan {
  readonly #tableName: string | undefined
  readonly #wide: WideLayout | undefined
  /** What each table holds, by its folded name. */
  readonly #holds = new Map<string, string>()

  constructor({ tableName, columnMapping, labelColumns, distributions }: TablePlanOptions) {
    this.#tableName = tableName
    this.#wide = columnMapping && new WideLayout({ columnMapping, labelColumns, distributions })
    this.#claim(deliveriesTable, 'deliveries')
    if (tableName === undefined) for (const [signal, name] of Object.entries(names)) this.#claim(name, signal)
  }

  /** Throws a TypeError for a batch that no table can take. */
  of(batch: Batch): LongPoints | TableRows {
    if (batch.signal === 'rows') {
      const name = this.#tableName ?? identifierOf(batch.table.name)
      this.#claim(name, `rows of ${batch.table.name}`)
      return namedRows(name, batch)
    }
    const name = this.#tableName ?? names[batch.signal]
    this.#claim(name, batch.signal)
    if (batch.signal !== 'metrics') return signalRows(name, batch)
    return this.#wide ? this.#wide.rows(name, batch.points) : { name, points: batch.points }
  }

  #claim(name: string, what: string): void {
    // The long layout of metrics has two more tables behind the name.
    const taken = what === 'metrics' && !this.#wide ? [name, `${name}_points`, `${name}_series`] : [name]
    for (const table of taken.map(folded)) {
      const held = this.#holds.get(table) ?? what
      if (held !== what)
        throw new TypeError(`the table ${table} is for ${held} and cannot hold ${what}: give these an exporter of their own`)
      this.#holds.set(table, what)
    }
  }
}
