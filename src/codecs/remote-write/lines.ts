import { type PointValue, type Resource, type Series, SeriesCache } from '../../core/index.ts'
import { type Family, type FamilyType, familyOf, unnameable } from '../prometheus-text/family.ts'
import { addLabel, type Labels, labelsOf, targetInfoLabels } from '../prometheus-text/labels.ts'
import { boundText } from '../prometheus-text/number.ts'

/** By name, in the order of names, `__name__` among them. */
export type WireLabels = readonly (readonly [name: string, value: string])[]

/** What is told of a metric beside its samples. */
export interface Metadata {
  readonly type: FamilyType
  /** With the suffix that samples of counters have. */
  readonly name: string
  readonly unit: string
  readonly help: string
}

/** A series as Prometheus knows it: one set of labels. `Prepared` is what a version of the protocol makes of them. */
export interface Line<Prepared = unknown> {
  readonly metadata: Metadata
  readonly prepared: Prepared
  /** The number of the request that it was last seen in. What follows is of that request. */
  request: number
  /** Its first sample, and the index of that one's point in the batch. */
  sample: Sample
  point: number
  more: { readonly sample: Sample; readonly point: number }[] | undefined
  exemplars: WireExemplar[] | undefined
}

/** One value of a line: many a point is one as it stands. */
export interface Sample {
  readonly timeMs: number
  /** A number or an exponential histogram. */
  readonly value: PointValue
  readonly startTimeMs?: number
  readonly stale?: true
}

export interface WireExemplar {
  readonly labels: WireLabels
  readonly value: number
  readonly timeMs: number
}

export interface LinesOptions {
  readonly prefix: string
  readonly resourceAttributes: readonly string[]
  readonly externalLabels: Readonly<Record<string, string>>
}

/** Fewer are never forgotten. */
const few = 100_000

/** Every line once, whichever series become it. */
export class Lines {
  readonly #options: LinesOptions
  readonly #external: Labels = new Map()
  readonly #prepare: (labels: WireLabels, metadata: Metadata) => unknown
  readonly #lines = new Map<string, Line>()
  #bySeries = this.#newCache()

  constructor(options: LinesOptions, prepare: (labels: WireLabels, metadata: Metadata) => unknown) {
    this.#options = options
    for (const [name, value] of Object.entries(options.externalLabels)) addLabel(this.#external, name, value)
    this.#prepare = prepare
  }

  /** What a series becomes, or why it cannot be sent. */
  of(series: Series): SeriesLines | Error {
    return this.#bySeries.get(series)
  }

  /** Forgets all when most are no longer among those `used`, and tells whether it did: they are made again as they come. */
  tidy(used: number): boolean {
    if (this.#lines.size <= Math.max(few, 2 * used)) return false
    this.#lines.clear()
    this.#bySeries = this.#newCache()
    return true
  }

  /** A series' own. */
  labelsOf(series: Series, type: FamilyType): Labels {
    return labelsOf(series, type, this.#options.resourceAttributes)
  }

  target(resource: Resource): Line | undefined {
    const labels = targetInfoLabels(resource)
    return labels && this.line(targetInfo, targetInfo.name, labels)
  }

  /** The line of that name and these labels, to which it adds the name and external ones that are not among them. */
  line(metadata: Metadata, name: string, labels: Labels): Line {
    labels.set('__name__', name)
    for (const [name, value] of this.#external) if (!labels.has(name)) labels.set(name, value)
    const sorted = [...labels.keys()].sort().map((name) => [name, labels.get(name)!] as const)
    // A time series has either numbers or native histograms.
    let key = metadata.type === 'histogram' && name === metadata.name ? 'native ' : ''
    for (const [name, value] of sorted) key += `${name}=${value.length}:${value}`
    const known = this.#lines.get(key)
    if (known) return known
    const prepared = this.#prepare(sorted, metadata)
    const line: Line = { metadata, prepared, request: 0, sample: noSample, point: 0, more: undefined, exemplars: undefined }
    this.#lines.set(key, line)
    return line
  }

  #newCache(): SeriesCache<SeriesLines | Error> {
    return new SeriesCache((series) => this.#make(series))
  }

  #make(series: Series): SeriesLines | Error {
    if (series.temporality === 'delta') return delta
    const family = familyOf(series, this.#options.prefix)
    return family ? new SeriesLines(this, family, series) : unnameable
  }
}

export const noSample: Sample = { timeMs: 0, value: 0 }

const delta = new Error('remote write has totals since a start, not what came since the last point: send it with cumulative temporality')

/** The lines that a series becomes: one, or one for each bucket, quantile, sum and count. */
export class SeriesLines {
  readonly type: FamilyType
  /** What tells of the series' resource. */
  readonly target: Line | undefined
  /** Whether it was sent as native histograms. */
  native = false
  readonly #lines: Lines
  readonly #series: Series
  readonly #metadata: Metadata
  #plain: Line | undefined
  /** By suffix, or bound. */
  #parts: Map<string | number, Line> | undefined

  constructor(lines: Lines, { type, name, unit, help }: Family, series: Series) {
    this.type = type
    this.#lines = lines
    this.#series = series
    this.#metadata = { type, name: type === 'counter' ? `${name}_total` : name, unit, help }
    this.target = series.resource && lines.target(series.resource)
  }

  /** Of numbers and native histograms. */
  get plain(): Line {
    this.#plain ??= this.#line('')
    return this.#plain
  }

  suffixed(suffix: '_sum' | '_count'): Line {
    return this.#part(suffix, () => this.#line(suffix))
  }

  /** Of the bucket of a histogram up to `bound`, or of a summary's quantile. */
  bounded(bound: number): Line {
    const text = () => boundText(bound)
    return this.#part(bound, () => (this.type === 'summary' ? this.#line('', ['quantile', text()]) : this.#line('_bucket', ['le', text()])))
  }

  /** Those of a distribution that have been used. */
  parts(): Iterable<Line> {
    return this.#parts?.values() ?? []
  }

  #part(key: string | number, make: () => Line): Line {
    this.#parts ??= new Map()
    const line = this.#parts.get(key) ?? make()
    this.#parts.set(key, line)
    return line
  }

  #line(suffix: string, more?: readonly [name: string, value: string]): Line {
    const labels = this.#lines.labelsOf(this.#series, this.type)
    if (more) labels.set(...more)
    return this.#lines.line(this.#metadata, this.#metadata.name + suffix, labels)
  }
}

const targetInfo: Metadata = { type: 'gauge', name: 'target_info', unit: '', help: 'What is known of the target.' }
