/** Something that may pass on what it cannot deliver to another of its kind. */
export interface Passing {
  readonly name: string
  /** Their names. */
  readonly to: readonly string[]
}

/** Groups to be stopped one after the other: an exporter is stopped when nothing that may pass records on to it runs any more. */
export function stopOrder(exporters: readonly Passing[]): readonly (readonly string[])[] {
  const groups: string[][] = []
  for (let left = exporters; left.length > 0; ) {
    const needed = new Set(left.flatMap(({ to }) => to))
    const free = left.filter(({ name }) => !needed.has(name))
    groups.push((free.length > 0 ? free : left).map(({ name }) => name))
    left = free.length > 0 ? left.filter(({ name }) => needed.has(name)) : []
  }
  return groups
}
