import {
  ByteWriter,
  type MetricsBatch,
  type Point,
  type Rejection,
  type StreamEncoder,
  type Summary,
  WaybillError,
} from '../../core/index.ts'
import { histogramText, summaryText } from './distributions.ts'
import { exemplarText } from './exemplars.ts'
import { metricName, mismatch, unnameable } from './family.ts'
import { FamilyNames } from './family-names.ts'
import { type FamilyText, type Line, Lines } from './lines.ts'
import { secondsText, writeNumber } from './number.ts'
import { sampleStart } from './sample.ts'

/** `text` is version 0.0.4, which everything reads; `openmetrics` is OpenMetrics 1.0, which has exemplars and units too. */
export type PrometheusFormat = 'text' | 'openmetrics'

export interface PrometheusTextOptions {
  /** Default: `text`. */
  readonly format?: PrometheusFormat
  /** Put in front of every name, with a `_` between. */
  readonly prefix?: string
  /** Attributes of the resource to add to the labels of every sample, by name. */
  readonly resourceAttributes?: readonly string[]
  /** Whether to say when counting began, in `_created` samples. Only OpenMetrics has them. Default: false. */
  readonly created?: boolean
}

const contentTypes: Readonly<Record<PrometheusFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/**
 * What Prometheus scrapes (https://prometheus.io/docs/instrumenting/exposition_formats/, and OpenMetrics 1.0). A batch becomes a
 * whole exposition: one family for each name, sorted, and one sample for each set of labels, of the newest point. Points of delta
 * temporality have to be added up before. README.md has how names, labels and distributions are said.
 */
export class PrometheusTextEncoder implements StreamEncoder<MetricsBatch> {
  readonly contentType: string
  readonly extension = 'prom'
  readonly #openMetrics: boolean
  readonly #created: boolean
  readonly #lines: Lines
  readonly #names = new FamilyNames()
  readonly #writer = new ByteWriter()
  #batch = 0

  /** Throws WaybillError `INVALID_OPTION` for a prefix that no name can have. */
  constructor({ format = 'text', prefix = '', resourceAttributes = [], created = false }: PrometheusTextOptions = {}) {
    if (prefix && !metricName.test(prefix))
      throw new WaybillError('INVALID_OPTION', `no Prometheus name can begin with ${JSON.stringify(prefix)}`, {
        hint: 'write a prefix of letters, digits and _ that does not begin with a digit',
      })
    this.contentType = contentTypes[format]
    this.#openMetrics = format === 'openmetrics'
    this.#created = created && this.#openMetrics
    this.#lines = new Lines({ openMetrics: this.#openMetrics, prefix, resourceAttributes })
  }

  /** Leaves out what cannot be exposed; `encodeInto` tells what that is. */
  encode(batch: MetricsBatch): Uint8Array {
    this.#writer.clear()
    this.encodeInto(this.#writer, batch)
    return this.#writer.take()
  }

  /**
   * Writes a whole exposition, which is not to be put together with another. Answers the points that it cannot have: those
   * whose name has no letter or digit, or is taken by a family of another type, and those whose value is not of their kind.
   */
  encodeInto(writer: ByteWriter, { points }: MetricsBatch): readonly Rejection[] {
    this.#batch++
    this.#names.clear()
    const rejected: Rejection[] = []
    const families: FamilyText[] = []
    for (let index = 0; index < points.length; index++) {
      const point = points[index]!
      if (point.stale) continue
      const line = this.#lines.of(point.series)
      const error = line ? this.#collect(line, point, families) : unnameable
      if (error) rejected.push({ index, error })
    }
    families.sort((a, b) => (a.family.name < b.family.name ? -1 : 1))
    for (const family of families) this.#family(writer, family)
    if (this.#openMetrics) writer.ascii('# EOF\n')
    this.#lines.tidy(points.length)
    return rejected
  }

  /** Puts the point with the others of its family, and that with the `families` of this batch. */
  #collect(line: Line, point: Point, families: FamilyText[]): Error | undefined {
    const { of, target } = line
    const error = mismatch(of.family.type, point.value)
    if (error) return error
    if (of.batch !== this.#batch) {
      of.batch = this.#batch
      of.refused = this.#names.take(of.family)
      if (!of.refused) families.push(of)
    }
    if (of.refused) return of.refused
    if (line.batch === this.#batch) {
      if (point.timeMs >= of.points[line.at]!.timeMs) of.points[line.at] = point
      return undefined
    }
    line.batch = this.#batch
    line.at = of.lines.push(line) - 1
    of.points.push(point)
    if (target && target.batch !== this.#batch) this.#collect(target, { series: point.series, timeMs: point.timeMs, value: 1 }, families)
    return undefined
  }

  #family(writer: ByteWriter, { family: { type }, header, lines, points }: FamilyText): void {
    writer.bytes(header)
    for (let index = 0; index < lines.length; index++) {
      const line = lines[index]!
      const point = points[index]!
      if (type === 'histogram') writer.text(histogramText(line, point, this.#openMetrics))
      else if (type === 'summary') writer.text(summaryText(line, point.value as Summary))
      else {
        writer.bytes(line.start)
        writeNumber(writer, point.value as number)
        if (type === 'counter' && this.#openMetrics && point.exemplars?.length) writer.text(exemplarText(point.exemplars.at(-1)!))
        writer.byte(lineEnd)
      }
      if (this.#created && type !== 'gauge' && point.startTimeMs !== undefined)
        writer.text(`${sampleStart(line, '_created')}${secondsText(point.startTimeMs)}\n`)
    }
    lines.length = 0
    points.length = 0
  }
}

const lineEnd = 0x0a
