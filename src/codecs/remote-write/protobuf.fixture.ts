/** An independent reader and writer of both requests: protobufjs, of the messages in fixtures/. */
import { join } from 'node:path'
import protobuf from 'protobufjs'

const load = (file: string, message: string): protobuf.Type =>
  protobuf.loadSync(join(import.meta.dirname, 'fixtures', file)).lookupType(message)

/** By version. */
export const requestTypes = {
  1: load('write-request.proto', 'prometheus.WriteRequest'),
  2: load('request.proto', 'io.prometheus.write.v2.Request'),
} as const

export interface ReadSample {
  readonly value?: number
  readonly timestamp: number
  readonly startTimestamp?: number
}

/** A time series with its labels as text, whatever the version. Integers of 64 bits are numbers. */
export interface ReadSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly samples?: readonly ReadSample[]
  readonly histograms?: readonly Readonly<Record<string, unknown>>[]
  readonly exemplars?: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly value?: number
    readonly timestamp?: number
  }[]
  readonly metadata?: Readonly<Record<string, unknown>>
}

export interface ReadRequest {
  readonly series: readonly ReadSeries[]
  /** Of version 1, where it is of the request. */
  readonly metadata: readonly Readonly<Record<string, unknown>>[]
}

/** What protobufjs reads. Throws an Error for what the specification forbids: labels out of order, empty or twice; samples out of order. */
export function readRequest(bytes: Uint8Array, version: 1 | 2): ReadRequest {
  const type = requestTypes[version]
  const { symbols = [], timeseries = [], metadata = [] } = type.toObject(type.decode(bytes), { longs: Number, enums: String }) as RawRequest
  if (version === 2 && (symbols[0] !== '' || new Set(symbols).size !== symbols.length))
    throw new Error('the symbols are not as they must be')
  const labelsOf = ({ labels, labelsRefs = [] }: RawLabels) => {
    const pairs = labels
      ? labels.map(({ name = '', value = '' }) => [name, value] as const)
      : pairsOf(labelsRefs.map((ref) => symbols[ref]!))
    for (const [index, [name, value]] of pairs.entries())
      if (!name || !value || (index > 0 && name <= pairs[index - 1]![0]))
        throw new Error(`the labels ${JSON.stringify(pairs)} are not as they must be`)
    return Object.fromEntries(pairs)
  }
  const series = timeseries.map(({ samples, histograms, exemplars, metadata, ...labels }) => {
    for (const list of [samples, histograms])
      if (list?.some(({ timestamp }, index) => index > 0 && Number(timestamp) <= Number(list[index - 1]!.timestamp)))
        throw new Error('samples are out of order')
    if (version === 2 && samples && histograms) throw new Error('a time series has samples and histograms')
    return {
      labels: labelsOf(labels),
      ...(samples && { samples }),
      ...(histograms && { histograms }),
      ...(exemplars && {
        exemplars: exemplars.map(({ labels, labelsRefs, ...rest }) => ({ ...rest, labels: labelsOf({ labels, labelsRefs }) })),
      }),
      ...(metadata && { metadata: { type: metadata.type, help: symbols[metadata.helpRef ?? 0], unit: symbols[metadata.unitRef ?? 0] } }),
    } as ReadSeries
  })
  return { series, metadata }
}

interface RawLabels {
  readonly labels?: readonly { readonly name?: string; readonly value?: string }[] | undefined
  readonly labelsRefs?: readonly number[] | undefined
}

interface RawRequest {
  readonly symbols?: readonly string[]
  readonly metadata?: readonly Readonly<Record<string, unknown>>[]
  readonly timeseries?: readonly (RawLabels & {
    readonly samples?: readonly { readonly timestamp: number }[]
    readonly histograms?: readonly { readonly timestamp: number }[]
    readonly exemplars?: readonly (RawLabels & object)[]
    readonly metadata?: { readonly type: string; readonly helpRef?: number; readonly unitRef?: number }
  })[]
}

const pairsOf = (texts: readonly string[]): (readonly [string, string])[] =>
  texts.flatMap((name, index) => (index % 2 === 0 ? [[name, texts[index + 1]!] as const] : []))

/** What protobufjs writes, from the names of the messages in camelCase. Throws for a field that is not there. */
export function writeRequest(request: object, version: 1 | 2): Uint8Array {
  const type = requestTypes[version]
  const problem = type.verify(request)
  if (problem) throw new Error(problem)
  return type.encode(type.fromObject(request)).finish()
}
