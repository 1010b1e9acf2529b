import type { Resource, Scope } from './attributes.ts'
import { BoundedMap } from './bounded-map.ts'
import { type Label, LabelTable } from './label-table.ts'

export type Kind = 'gauge' | 'counter' | 'histogram' | 'summary'
export type { Label }

/**
 * The identity of a line of points. Interned: the same arguments give the same object for as long as it is in the table,
 * so an encoder can keep what it has worked out for it. `key` stays the same even when the object does not.
 */
export interface Series {
  /** Its identity: two series with the same key are the same. */
  readonly key: string
  /** A small integer that no other series in use has: the index for `SeriesCache`. */
  readonly slot: number
  readonly name: string
  /** Sorted by name, in UTF-16 order; each name once. */
  readonly labels: readonly Label[]
  readonly kind: Kind
  /** Of counters, histograms: since the start (the default) or since the last point. */
  readonly temporality?: 'cumulative' | 'delta'
  /** Of counters: whether it only grows (the default). */
  readonly monotonic?: boolean
  /** UCUM, as in OpenTelemetry: `By`, `s`, `1`. */
  readonly unit?: string
  readonly help?: string
  readonly resource?: Resource
  readonly scope?: Scope
}

/** What a series is beside its name and labels. */
export type Describe = Partial<Pick<Series, 'kind' | 'temporality' | 'monotonic' | 'unit' | 'help' | 'resource' | 'scope'>>

let nextSlot = 0

/** A bounded table of series; the oldest go first. Evicted series go on working, they are only no longer shared. */
export class SeriesTable {
  readonly #table: BoundedMap<Series>
  readonly #labels = new LabelTable()

  constructor(limit = 1_000_000) {
    this.#table = new BoundedMap(limit)
  }

  /** The series of that name, labels and description. `help` is not part of the identity: the first one given stays. */
  intern(name: string, labels: Readonly<Record<string, string>> = {}, describe: Describe = {}): Series {
    const sorted = Object.keys(labels)
      .sort()
      .map((label): Label => [label, labels[label]!])
    const kind = describe.kind ?? 'gauge'
    const { temporality, monotonic, unit, resource, scope } = describe
    const key = JSON.stringify([name, kind, unit, temporality, monotonic, sorted, resource?.key, scope?.key])
    const known = this.#table.get(key)
    if (known) return known
    const gone = this.#table.makeRoom()
    const shared = sorted.map(([label, value]) => this.#labels.of(label, value))
    const series: Series = Object.freeze({ ...describe, key, slot: gone?.slot ?? nextSlot++, name, labels: shared, kind })
    this.#table.set(key, series)
    return series
  }

  get size(): number {
    return this.#table.size
  }

  /** How many series had to go: a number that grows tells of a label explosion. */
  get evicted(): number {
    return this.#table.evicted
  }
}

/** The process's own table. */
export const seriesTable = new SeriesTable()

/** The series of that name, labels and description in the process's own table. */
export const series = (name: string, labels?: Readonly<Record<string, string>>, describe?: Describe): Series =>
  seriesTable.intern(name, labels, describe)
