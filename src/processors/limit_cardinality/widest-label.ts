import type { Series } from '../../sdk.ts'

/** The label with most different values among these series, and how many; undefined when none has a label. */
export function widestLabel(all: Iterable<Series>): { readonly label: string; readonly values: number } | undefined {
  const values = new Map<string, Set<string>>()
  for (const { labels } of all) {
    for (const [name, value] of labels) {
      const known = values.get(name) ?? new Set()
      values.set(name, known.add(value))
    }
  }
  const [widest] = [...values].map(([label, { size }]) => ({ label, values: size })).sort((a, b) => b.values - a.values)
  return widest
}
