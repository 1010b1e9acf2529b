import type { BucketBudget } from './read-histogram.ts'
import { type ReadMetadata, type ReadSeries, readSeries, type SeriesLayout } from './read-series.ts'
import type { RemoteWriteVersion } from './remote-write.ts'
import { WireReader } from './wire-reader.ts'

/** A request as it stands. */
export interface ReadRequest {
  readonly series: readonly ReadSeries[]
  /** Of version 1, by the names of families. */
  readonly metadata: ReadonlyMap<string, ReadMetadata>
}

/** Of the enumeration `MetricType`, which both versions have. */
const counter = 1

/** Of all exponential histograms of a request together. */
const mostBuckets = 4_000_000

/** How many characters the labels of a request may have for each of its bytes: a table of texts is a means to say them over and over. */
const mostCharacters = 64

export function readRequest(bytes: Uint8Array, version: RemoteWriteVersion): ReadRequest {
  const budget: BucketBudget = { left: mostBuckets }
  return version === 1 ? readWriteRequest(bytes, budget) : readRequest2(bytes, budget)
}

/** `prometheus.WriteRequest`. */
function readWriteRequest(bytes: Uint8Array, budget: BucketBudget): ReadRequest {
  const reader = new WireReader(bytes)
  const series: ReadSeries[] = []
  const metadata = new Map<string, ReadMetadata>()
  for (let field = reader.next(); field > 0; field = reader.next()) {
    if (field === 1) series.push(readSeries(reader.message(), layout1, budget))
    else if (field === 3) readFamily(reader.message(), metadata)
    else reader.skip()
  }
  return { series, metadata }
}

const layout1: SeriesLayout = {
  histograms: 4,
  exemplars: 3,
  labels: (reader, into) => {
    const label = reader.message()
    let [name, value] = ['', '']
    for (let field = label.next(); field > 0; field = label.next()) {
      if (field === 1) name = label.text()
      else if (field === 2) value = label.text()
      else label.skip()
    }
    into.push(name, value)
  },
}

function readFamily(reader: WireReader, into: Map<string, ReadMetadata>): void {
  let [type, name, help, unit] = [0, '', '', '']
  for (let field = reader.next(); field > 0; field = reader.next()) {
    if (field === 1) type = reader.unsigned()
    else if (field === 2) name = reader.text()
    else if (field === 4) help = reader.text()
    else if (field === 5) unit = reader.text()
    else reader.skip()
  }
  into.set(name, { isCounter: type === counter, help, unit })
}

/** `io.prometheus.write.v2.Request`. Its table of texts may stand behind what refers to it. */
function readRequest2(bytes: Uint8Array, budget: BucketBudget): ReadRequest {
  const reader = new WireReader(bytes)
  const symbols: string[] = []
  const messages: WireReader[] = []
  for (let field = reader.next(); field > 0; field = reader.next()) {
    if (field === 4) symbols.push(reader.text())
    else if (field === 5) messages.push(reader.message())
    else reader.skip()
  }
  const layout = layout2(symbols, mostCharacters * bytes.length)
  return { series: messages.map((message) => readSeries(message, layout, budget)), metadata: new Map() }
}

function layout2(symbols: readonly string[], mostCharacters: number): SeriesLayout {
  let characters = 0
  const symbol = (ref: number): string => {
    const text = symbols[ref]
    if (text === undefined) throw new Error(`there is no symbol ${ref}: there are ${symbols.length}`)
    characters += text.length
    if (characters > mostCharacters) throw new RangeError('its labels are too long together: send fewer at once')
    return text
  }
  return {
    histograms: 3,
    exemplars: 4,
    start: 6,
    labels: (reader, into) => {
      const refs: number[] = []
      reader.unsignedNumbers(refs)
      for (const ref of refs) into.push(symbol(ref))
    },
    metadata: (reader) => {
      let [type, help, unit] = [0, '', '']
      for (let field = reader.next(); field > 0; field = reader.next()) {
        if (field === 1) type = reader.unsigned()
        else if (field === 3) help = symbol(reader.unsigned())
        else if (field === 4) unit = symbol(reader.unsigned())
        else reader.skip()
      }
      return { isCounter: type === counter, help, unit }
    },
  }
}
