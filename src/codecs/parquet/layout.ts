import type { Batch } from '../../core/index.ts'
import { alertLayout } from './alert-layout.ts'
import type { WritableColumn } from './column.ts'
import type { Field } from './field.ts'
import { logLayout } from './log-layout.ts'
import { MetricsLayout } from './metrics-layout.ts'
import { rowsLayout } from './rows-layout.ts'
import { spanLayout } from './span-layout.ts'

/** The columns of a file, and how records get into those of a row group. */
export interface Layout {
  readonly fields: readonly Field[]
  readonly columns: readonly WritableColumn[]
  /** About how much memory the rows take that have been added since `clear`. */
  readonly bytes: number
  /** Records as `add` takes them. Throws where a column cannot hold one. */
  prepare(records: readonly unknown[]): readonly unknown[]
  add(prepared: unknown): void
  /** Before the columns are written: adds to them what had to wait until all rows are known. */
  complete(): void
  clear(): void
}

/** An own one for each file: it holds its rows. */
export function layoutOf(batch: Batch): Layout {
  switch (batch.signal) {
    case 'metrics':
      return new MetricsLayout()
    case 'traces':
      return spanLayout()
    case 'logs':
      return logLayout()
    case 'alerts':
      return alertLayout()
    case 'rows':
      return rowsLayout(batch.table)
  }
}
