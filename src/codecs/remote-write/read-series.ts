import { type BucketBudget, type ReadHistogram, readHistogram } from './read-histogram.ts'
import type { WireReader } from './wire-reader.ts'

/** A message `TimeSeries` as it stands, of either version. */
export interface ReadSeries {
  /** Names and values of the labels in turn. */
  readonly labels: readonly string[]
  readonly samples: readonly ReadSample[]
  readonly histograms: readonly ReadHistogram[]
  readonly exemplars: readonly ReadExemplar[]
  readonly metadata: ReadMetadata | undefined
}

export interface ReadSample {
  readonly timeMs: number
  /** 0 where it is not told. */
  readonly startMs: number
  /** Undefined at the end of its series. */
  readonly value: number | undefined
}

export interface ReadExemplar {
  readonly labels: readonly string[]
  readonly value: number
  readonly timeMs: number
}

export interface ReadMetadata {
  readonly isCounter: boolean
  readonly help: string
  readonly unit: string
}

/** What is not the same in both versions. */
export interface SeriesLayout {
  readonly histograms: number
  readonly exemplars: number
  /** Where the start of counting is told once for all samples, as it was until release candidate 3 of version 2. */
  readonly start?: number
  /** Names and values of the labels in this field, or of one label, for `into`. */
  labels(reader: WireReader, into: string[]): void
  metadata?(reader: WireReader): ReadMetadata
}

export function readSeries(reader: WireReader, layout: SeriesLayout, budget: BucketBudget): ReadSeries {
  const labels: string[] = []
  const samples: ReadSample[] = []
  const histograms: ReadHistogram[] = []
  const exemplars: ReadExemplar[] = []
  let metadata: ReadMetadata | undefined
  let startMs = 0
  for (let field = reader.next(); field > 0; field = reader.next()) {
    if (field === 1) layout.labels(reader, labels)
    else if (field === 2) samples.push(readSample(reader.message()))
    else if (field === layout.histograms) histograms.push(readHistogram(reader.message(), budget))
    else if (field === layout.exemplars) exemplars.push(readExemplar(reader.message(), layout))
    else if (field === layout.start) startMs = reader.signed()
    else if (field === 5 && layout.metadata) metadata = layout.metadata(reader.message())
    else reader.skip()
  }
  const started = <T extends { readonly startMs: number }>(one: T): T => (startMs === 0 || one.startMs !== 0 ? one : { ...one, startMs })
  return { labels, samples: samples.map(started), histograms: histograms.map(started), exemplars, metadata }
}

function readSample(reader: WireReader): ReadSample {
  let [value, timeMs, startMs]: [number | undefined, number, number] = [0, 0, 0]
  for (let field = reader.next(); field > 0; field = reader.next()) {
    if (field === 1) value = reader.value()
    else if (field === 2) timeMs = reader.signed()
    else if (field === 3) startMs = reader.signed()
    else reader.skip()
  }
  return { timeMs, startMs, value }
}

function readExemplar(reader: WireReader, layout: SeriesLayout): ReadExemplar {
  const labels: string[] = []
  let [value, timeMs] = [0, 0]
  for (let field = reader.next(); field > 0; field = reader.next()) {
    if (field === 1) layout.labels(reader, labels)
    else if (field === 2) value = reader.double()
    else if (field === 3) timeMs = reader.signed()
    else reader.skip()
  }
  return { labels, value, timeMs }
}
