import type { Figures } from './comparison.ts'

/** The figures as aligned text, a line each. */
export function table(figures: readonly Figures[]): string {
  const rows = figures.map((f) => [f.case, amount(f.ours), amount(f.theirs), f.unit, `${f.ratio}×`, f.alternative])
  const lines = [['case', 'ours', 'theirs', 'unit', 'ratio', 'alternative'], ...rows]
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => align(cell, widths[column]!, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const numeric = [1, 2, 4]

const align = (cell: string, width: number, column: number): string =>
  numeric.includes(column) ? cell.padStart(width) : cell.padEnd(width)

const amount = (value: number): string => {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`
  return value >= 1e3 ? `${Number((value / 1e3).toPrecision(3))} k` : String(value)
}
