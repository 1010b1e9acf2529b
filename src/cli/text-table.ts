export interface TableColumn {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** What stands in a cell where there is nothing to tell. */
export const nothing = '-'

/**
 * Lines of aligned columns, two spaces apart, with a line of titles. Where they would be longer than `width`, columns in which there is
 * nothing to tell are left out.
 */
export function textTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): string[] {
  const lines = linesOf(columns, rows)
  if (rows.length === 0 || lines.every((line) => line.length <= width)) return lines
  const telling = columns.map((_, index) => rows.some((row) => row[index] !== nothing))
  return linesOf(
    columns.filter((_, index) => telling[index]),
    rows.map((row) => row.filter((_, index) => telling[index])),
  )
}

function linesOf(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (columns[i]!.align === 'right' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  return [columns.map(({ title }) => title), ...rows].map(line)
}
