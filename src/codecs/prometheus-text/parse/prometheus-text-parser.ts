import type { Exemplar, Point, Resource, Series } from '../../../core/index.ts'
import type { PrometheusFormat } from '../prometheus-text.ts'
import { DecimalReader } from './decimal.ts'
import type { Distribution } from './distribution.ts'
import { addHead, type Families, type FamilyHead, readHeader } from './header-line.ts'
import { type KnownLine, KnownLines } from './known-lines.ts'
import { breaksOff } from './parse-families.ts'
import { type LineProblem, Problems } from './problems.ts'
import { latestMs, readKey, readValue, type SampleKey, secondsToMs, valueStart } from './sample-line.ts'
import { type Target, Targets } from './targets.ts'

export interface ParseOptions {
  /** The time of samples that have none of their own. */
  readonly timeMs: number
  /** Default: `text`. */
  readonly format?: PrometheusFormat
}

export interface ParsedPoints {
  readonly points: readonly Point[]
  /** Why lines were left out: the first of them. */
  readonly problems: readonly LineProblem[]
  /** How many lines were left out. */
  readonly skipped: number
}

/** What a line is: something said of a family, a comment, or the key of a sample. */
interface Line {
  readonly head?: FamilyHead | 'end' | undefined
  readonly key?: SampleKey
  /** What `target` or `after` was worked out for; see `PrometheusTextParser.#state`. */
  state: number
  after: number
  target: Target | undefined
}

/**
 * Reads expositions into points, one scrape of a target after another: what was made of a line the last time is found again by
 * comparing its bytes. Never throws: a line that cannot be read is told, and the rest is kept. README.md has what becomes of each type.
 */
export class PrometheusTextParser {
  #known = new KnownLines<Line>()
  readonly #targets: Targets
  readonly #decimal = new DecimalReader()
  /** Which heads have been read: a number for each sequence of them. So a sample knows whether the same was said of its family. */
  #state = 0
  #states = 0
  #families: Families = new Map()
  #points: Point[] = []
  #open: Distribution[] = []
  #starts: Map<Series, number> = new Map()
  #problems = new Problems()
  #line = 0
  #ended = false
  #timeMs = 0
  #format: PrometheusFormat = 'text'
  #bytes: Buffer = Buffer.alloc(0)

  /** `resource` is that of every series. */
  constructor({ resource }: { readonly resource?: Resource } = {}) {
    this.#targets = new Targets(resource)
  }

  parse(bytes: Uint8Array, { timeMs, format = 'text' }: ParseOptions): ParsedPoints {
    this.#begin(timeMs, format)
    this.#bytes = this.#known.begin(bytes)
    for (let at = 0; at < bytes.length && !this.#ended; ) {
      this.#line++
      try {
        at = this.#next(at)
      } catch (thrown) {
        this.#problems.addThrown(this.#line, thrown)
        at = this.#lineEnd(at) + 1
      }
      if (this.#ended && at < bytes.length) this.#problems.add(this.#line + 1, 'it stands behind # EOF')
    }
    this.#known.end()
    if (format === 'openmetrics' && !this.#ended) this.#problems.add(this.#line, breaksOff)
    for (const distribution of this.#open) this.#take(distribution)
    return { points: this.#withStarts(), problems: this.#problems.list, skipped: this.#problems.count }
  }

  #begin(timeMs: number, format: PrometheusFormat): void {
    // The two formats read some lines differently.
    if (format !== this.#format) this.#known = new KnownLines()
    this.#format = format
    this.#timeMs = timeMs
    this.#state = 0
    this.#families = new Map()
    this.#points = []
    this.#open = []
    this.#starts = new Map()
    this.#problems = new Problems()
    this.#line = 0
    this.#ended = false
  }

  /** Reads the line at `at` and gives the place of the next. Throws SyntaxError. */
  #next(at: number): number {
    const { of: line, text } = this.#expected(at) ?? this.#unexpected(at)
    const { key, head } = line
    const start = at + text.length
    if (key === undefined) {
      if (head !== undefined) this.#head(line, head)
      return start
    }
    if (line.state !== this.#state) {
      line.target = this.#targets.of(key, this.#families)
      line.state = this.#state
    }
    return this.#value(line.target!, start)
  }

  #expected(at: number): KnownLine<Line> | undefined {
    const line = this.#known.expected(at)
    if (line === undefined) return undefined
    const next = this.#bytes[at + line.text.length]
    // More of a key, or of the blanks behind it.
    if (line.of.key !== undefined && (next === space || next === tab || next === brace)) return undefined
    this.#known.accept(line, at)
    return line
  }

  #unexpected(at: number): KnownLine<Line> {
    const end = this.#lineEnd(at)
    const line = this.#bytes.toString('latin1', at, end)
    const comment = /^[ \t\r]*(?:#|$)/.test(line)
    return this.#known.find(comment ? `${line}\n` : line.slice(0, valueStart(line)), at, (text): Line => {
      const unknown = { state: -1, after: -1, target: undefined }
      return comment ? { ...unknown, head: readHeader(line, this.#format) } : { ...unknown, key: readKey(text) }
    })
  }

  #head(line: Line, head: FamilyHead | 'end'): void {
    if (line.state !== this.#state) {
      line.state = this.#state
      line.after = ++this.#states
    }
    this.#state = line.after
    if (head === 'end') this.#ended = true
    else addHead(this.#families, head)
  }

  /** Reads the rest of a sample, from its value on, and gives the place of the next line. */
  #value(target: Target, start: number): number {
    const value = this.#decimal.read(this.#bytes, start)
    const at = this.#decimal.at
    if (value !== undefined && this.#bytes[at] === lineEnd) {
      this.#add(target, value, this.#timeMs, undefined)
      return at + 1
    }
    if (value !== undefined && this.#format === 'text' && this.#bytes[at] === space) {
      const timeMs = this.#decimal.readWhole(this.#bytes, at + 1)
      if (timeMs !== undefined && Math.abs(timeMs) <= latestMs && this.#bytes[this.#decimal.at] === lineEnd) {
        this.#add(target, value, timeMs, undefined)
        return this.#decimal.at + 1
      }
    }
    const end = this.#lineEnd(start)
    const read = readValue(this.#bytes.toString('latin1', start, end), this.#format)
    this.#add(target, read.value, read.timeMs ?? this.#timeMs, read.exemplar)
    return end + 1
  }

  #add(target: Target, value: number, timeMs: number, exemplar: Exemplar | undefined): void {
    const { series, distribution, part, isStart } = target
    if (distribution !== undefined) {
      if (!distribution.open) this.#open.push(distribution)
      const point = distribution.add(part!, { value, timeMs, exemplar }, this.#line)
      if (point) this.#points.push(point)
    } else if (isStart) this.#starts.set(series, secondsToMs(value))
    else this.#points.push(exemplar ? { series, timeMs, value, exemplars: [exemplar] } : { series, timeMs, value })
  }

  #take(distribution: Distribution): void {
    if (!distribution.open) return
    const point = this.#problems.attempt(distribution.line, () => distribution.take())
    if (point) this.#points.push(point)
  }

  #withStarts(): readonly Point[] {
    const starts = this.#starts
    if (starts.size === 0) return this.#points
    return this.#points.map((point) => {
      const startTimeMs = starts.get(point.series)
      return startTimeMs === undefined || Number.isNaN(startTimeMs) ? point : { ...point, startTimeMs }
    })
  }

  #lineEnd(at: number): number {
    return this.#bytes.indexOf(lineEnd, at)
  }
}

const [tab, lineEnd, space, brace] = [0x09, 0x0a, 0x20, 0x7b]
