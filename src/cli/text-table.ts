export interface TableColumn {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** Lines of aligned columns, two spaces apart, with a line of titles. */
export function textTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (columns[i]!.align === 'right' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  return [columns.map(({ title }) => title), ...rows].map(line)
}
