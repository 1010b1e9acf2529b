import { firstRepeated } from './identifier.ts'
import { longColumns } from './long-layout.ts'
import { mappingOf } from './wide-layout.ts'

export interface LayoutOptions {
  readonly columnMapping?: Readonly<Record<string, string>> | undefined
  readonly labelColumns: readonly string[]
}

/** Why the columns that metrics are to have cannot stand in one table; undefined when they can. */
export function layoutProblem({ columnMapping, labelColumns }: LayoutOptions): string | undefined {
  if (columnMapping) {
    const { timestamp, fields } = mappingOf(columnMapping)
    if (fields.length === 0) return 'the mapping names no metric'
    return repeated([timestamp, ...labelColumns, ...fields.map(([, column]) => column)])
  }
  const unreadable = labelColumns.find((label) => /["\\]/.test(label))
  if (unreadable !== undefined) return `the label ${unreadable} cannot be a column: it has a quote or a backslash in it`
  return repeated([...longColumns, ...labelColumns])
}

function repeated(columns: readonly string[]): string | undefined {
  const name = firstRepeated(columns)
  return name === undefined ? undefined : `two columns would have the name ${name}`
}
