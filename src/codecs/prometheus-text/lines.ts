import { type Point, type Resource, type Series, SeriesCache } from '../../core/index.ts'
import { escapeHelp } from './escape.ts'
import { type Family, familyOf } from './family.ts'
import { type Labels, labelsOf, labelsText, targetInfoLabels } from './labels.ts'
import { type SampleNaming, sampleStart } from './sample.ts'

/** A family and, while a batch is written, what it has of it. */
export interface FamilyText {
  readonly family: Family
  /** Its HELP, TYPE and UNIT lines. */
  readonly header: Uint8Array
  /** Every line known of it, by labels. */
  readonly byLabels: Map<string, Line>
  /** The lines in the batch, and a point for each. */
  readonly lines: Line[]
  readonly points: Point[]
  /** The number of the batch that it was last seen in, and why it cannot stand in it. */
  batch: number
  refused: Error | undefined
}

/** What all series of the same labels in one family share: to Prometheus they are one. */
export interface Line extends SampleNaming {
  readonly of: FamilyText
  /** Up to the value, where that is a number. */
  readonly start: Uint8Array
  /** What tells of the series' resource. */
  readonly target: Line | undefined
  /** The number of the batch that it was last seen in, and its place among the lines of the family. */
  batch: number
  at: number
}

export interface LinesOptions {
  readonly openMetrics: boolean
  readonly prefix: string
  readonly resourceAttributes: readonly string[]
}

/** Fewer are never forgotten. */
const few = 100_000

/** The line of each series, worked out once. */
export class Lines {
  readonly #options: LinesOptions
  readonly #families = new Map<string, FamilyText>()
  #size = 0
  #bySeries = this.#newCache()

  constructor(options: LinesOptions) {
    this.#options = options
  }

  /** Undefined when nothing of the series' name can be said. */
  of(series: Series): Line | undefined {
    return this.#bySeries.get(series)
  }

  /** Forgets all when most are no longer among those `used`: they are made again as they come. */
  tidy(used: number): void {
    if (this.#size <= Math.max(few, 2 * used)) return
    this.#size = 0
    this.#families.clear()
    this.#bySeries = this.#newCache()
  }

  #newCache(): SeriesCache<Line | undefined> {
    return new SeriesCache((series) => this.#make(series))
  }

  #make(series: Series): Line | undefined {
    const family = familyOf(series, this.#options.prefix)
    if (!family) return undefined
    const labels = labelsOf(series, family.type, this.#options.resourceAttributes)
    return this.#line(family, labels, series.resource && this.#target(series.resource))
  }

  #target(resource: Resource): Line | undefined {
    const labels = targetInfoLabels(resource)
    return labels && this.#line({ name: 'target_info', type: 'gauge', unit: '', help: 'What is known of the target.' }, labels, undefined)
  }

  #line(family: Family, given: Labels, target: Line | undefined): Line {
    const of = this.#family(family)
    const labels = labelsText(given)
    const known = of.byLabels.get(labels)
    if (known) return known
    const naming = { name: family.name, labels }
    const line: Line = {
      ...naming,
      of,
      start: Buffer.from(sampleStart(naming, family.type === 'counter' ? '_total' : '')),
      target,
      batch: 0,
      at: 0,
    }
    of.byLabels.set(labels, line)
    this.#size++
    return line
  }

  #family(family: Family): FamilyText {
    const key = `${family.type} ${family.name}`
    const known = this.#families.get(key)
    if (known) return known
    const header = Buffer.from(this.#options.openMetrics ? openMetricsHeader(family) : textHeader(family))
    const text: FamilyText = { family, header, byLabels: new Map(), lines: [], points: [], batch: 0, refused: undefined }
    this.#families.set(key, text)
    return text
  }
}

/** In version 0.0.4 a family of counters is named as its samples are. */
function textHeader({ name, type, help }: Family): string {
  const full = name + (type === 'counter' ? '_total' : '')
  return `# HELP ${full} ${escapeHelp(help, 'text')}\n# TYPE ${full} ${type}\n`
}

function openMetricsHeader({ name, type, unit, help }: Family): string {
  return `# HELP ${name} ${escapeHelp(help, 'openmetrics')}\n# TYPE ${name} ${type}\n${unit && `# UNIT ${name} ${unit}\n`}`
}
