import { BoundedMap } from '../../core/bounded-map.ts'
import {
  type Decoder,
  type Describe,
  type Exemplar,
  type Label,
  type Point,
  type PointValue,
  type Series,
  series,
} from '../../core/index.ts'
import { unitOf } from '../prometheus-text/units.ts'
import { readRequest } from './read-request.ts'
import type { ReadExemplar, ReadMetadata, ReadSeries } from './read-series.ts'
import type { RemoteWriteVersion } from './remote-write.ts'

/** What was in a request. */
export interface DecodedRequest {
  readonly points: readonly Point[]
  /** How many of each are in `points`. */
  readonly samples: number
  readonly histograms: number
  readonly exemplars: number
  /** How many samples and histograms are not, and why the first is not. */
  readonly invalid: { readonly count: number; readonly error: Error } | undefined
}

/** Of so many families it is remembered what they are. */
const mostFamilies = 10_000

/**
 * Points out of requests of Prometheus remote write, not compressed any more. README.md has what they become. One for each version,
 * and for all requests: version 1 tells of metrics only now and then.
 */
export class RemoteWriteDecoder implements Decoder<DecodedRequest> {
  readonly #version: RemoteWriteVersion
  readonly #families = new BoundedMap<ReadMetadata>(mostFamilies)

  constructor(version: RemoteWriteVersion) {
    this.#version = version
  }

  /** Throws an Error that says where it is no such request, and a RangeError when it would take too much memory. */
  decode(bytes: Uint8Array): DecodedRequest {
    const { series, metadata } = readRequest(bytes, this.#version)
    for (const [name, family] of metadata) this.#families.set(name, family)
    const points: Point[] = []
    const counts = { samples: 0, histograms: 0, exemplars: 0 }
    const detached: { readonly key: string; readonly exemplars: readonly ReadExemplar[] }[] = []
    let invalid: DecodedRequest['invalid']
    for (const read of series) {
      const { samples, histograms, exemplars } = read
      const of = this.#seriesOf(read)
      if (of instanceof Error) {
        const count = samples.length + histograms.length
        invalid = { count: count + (invalid?.count ?? 0), error: invalid?.error ?? of }
        continue
      }
      counts.samples += samples.length
      counts.histograms += histograms.length
      for (const sample of [...samples, ...histograms]) points.push(pointOf(of, sample))
      if (exemplars.length > 0) detached.push({ key: keyOf(of), exemplars })
    }
    counts.exemplars = attach(points, detached)
    return { points, ...counts, invalid }
  }

  #seriesOf({ labels: texts, histograms, metadata }: ReadSeries): Series | Error {
    const labels: Record<string, string> = Object.create(null)
    let name = ''
    for (let index = 0; index < texts.length; index += 2) {
      const [label, value = ''] = [texts[index]!, texts[index + 1]]
      if (label === '__name__') name = value
      else if (Object.hasOwn(labels, label)) return new Error(`a series has two labels ${JSON.stringify(label)}`)
      else if (label !== '' && value !== '') labels[label] = value
    }
    if (name === '') return new Error('a series has no name: a label __name__')
    return series(name, labels, describe(name, histograms.length > 0, metadata ?? this.#familyOf(name)))
  }

  /** A counter's family may be named with or without what its samples end in. */
  #familyOf(name: string): ReadMetadata | undefined {
    return this.#families.get(name) ?? this.#families.get(name.replace(/_(total|bucket|sum|count)$/, ''))
  }
}

/**
 * What a series is. Its name is kept whatever becomes of it: so only one that ends as those of counters do is a counter, and it has a
 * unit only when that is in the name.
 */
function describe(name: string, isHistogram: boolean, metadata: ReadMetadata | undefined): Describe {
  if (!metadata) return isHistogram ? { kind: 'histogram' } : {}
  const kind = isHistogram ? 'histogram' : metadata.isCounter && name.endsWith('_total') ? 'counter' : 'gauge'
  const base = kind === 'counter' ? name.slice(0, -'_total'.length) : name
  const unit = metadata.unit !== '' && base.endsWith(`_${metadata.unit}`) ? unitOf(metadata.unit) : undefined
  return { kind, ...(unit !== undefined && { unit }), ...(metadata.help !== '' && { help: metadata.help }) }
}

interface ReadValue {
  readonly timeMs: number
  readonly startMs: number
  readonly value: PointValue | undefined
}

const pointOf = (of: Series, { timeMs, startMs, value }: ReadValue): Point => ({
  series: of,
  timeMs,
  value: value ?? Number.NaN,
  ...(startMs !== 0 && { startTimeMs: startMs }),
  ...(value === undefined && { stale: true as const }),
})

const keyOf = ({ name, labels }: Series): string => JSON.stringify([name, labels])

/** Puts exemplars, which may stand apart from the samples of their series, with its last point; answers how many found one. */
function attach(points: Point[], detached: readonly { readonly key: string; readonly exemplars: readonly ReadExemplar[] }[]): number {
  if (detached.length === 0) return 0
  const last = new Map(points.map(({ series }, index) => [keyOf(series), index]))
  let attached = 0
  for (const { key, exemplars } of detached) {
    const index = last.get(key)
    if (index === undefined) continue
    const point = points[index]!
    points[index] = { ...point, exemplars: [...(point.exemplars ?? []), ...exemplars.map(exemplarOf)] }
    attached += exemplars.length
  }
  return attached
}

function exemplarOf({ labels: texts, value, timeMs }: ReadExemplar): Exemplar {
  const pairs = texts.flatMap((name, index): Label[] => (index % 2 === 0 ? [[name, texts[index + 1] ?? '']] : []))
  const { trace_id: traceId, span_id: spanId, ...labels } = Object.fromEntries(pairs)
  return {
    value,
    ...(timeMs !== 0 && { timeMs }),
    ...(traceId && { traceId }),
    ...(spanId && { spanId }),
    ...(Object.keys(labels).length > 0 && { labels }),
  }
}
