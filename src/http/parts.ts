import { type ExportResult, ok, partial, type Rejection, tooLarge } from '../sdk.ts'

/** A piece of a payload that cannot be cut. */
export interface Part {
  readonly bytes: Uint8Array
  /** The records that it tells of, by their indexes in the batch. No record is in two parts. */
  readonly records: readonly number[]
  /** What it adds to `mostCount`. Default: 1. */
  readonly count?: number
}

export interface PartsOptions {
  /** What stands in front of the parts, between them and behind them. Default: nothing. */
  readonly head?: Uint8Array
  readonly separator?: Uint8Array
  readonly tail?: Uint8Array
  /** Of a body, before it is packed. */
  readonly mostBytes: number
  readonly mostCount?: number
  /** Of a packed body. */
  readonly mostPackedBytes?: number
  /** Default: as it is. */
  readonly pack?: (body: Uint8Array) => Uint8Array | Promise<Uint8Array>
  /** Sends a packed body. A `partial` of it only counts what was refused. */
  readonly send: (body: Uint8Array) => Promise<ExportResult>
  /** Records of the batch that have been refused already, and are in no part. */
  readonly refused?: readonly IndexedRejection[]
}

export type IndexedRejection = Extract<Rejection, { readonly index: number }>

const nothing = new Uint8Array()

/**
 * Sends parts in as few requests as the limits of an API allow, one after the other, and says what became of the batch. What turns out to
 * be too large is sent in halves; a part that is too large by itself is rejected, as is what the API rejects. The first request that is to
 * be tried again ends it: what is left is given back with it.
 */
export async function sendParts(parts: readonly Part[], options: PartsOptions): Promise<ExportResult> {
  const rejected: Rejection[] = [...(options.refused ?? [])]
  const left = groupsOf(parts, options)
  let untouched = true
  for (let group = left.shift(); group; group = left.shift()) {
    const result = await sendGroup(group, options)
    if (result.status === 'retry') return untouched ? result : partial(rejected, recordsOf([group, ...left].flat()))
    if (result.status === 'too-large' && group.length > 1) {
      left.unshift(group.slice(0, group.length >> 1), group.slice(group.length >> 1))
      continue
    }
    untouched = false
    if (result.status === 'partial') rejected.push(...result.rejected)
    else if (result.status !== 'ok') rejected.push(...recordsOf(group).map((index) => ({ index, error: result.error })))
  }
  return rejected.length > 0 ? partial(rejected) : ok
}

/** The parts in their order, as many together as may be. */
function groupsOf(
  parts: readonly Part[],
  { head = nothing, separator = nothing, tail = nothing, mostBytes, mostCount }: PartsOptions,
): Part[][] {
  const groups: Part[][] = []
  let [bytes, count] = [Number.POSITIVE_INFINITY, 0]
  for (const part of parts) {
    bytes += separator.length + part.bytes.length
    count += part.count ?? 1
    if (bytes > mostBytes || count > (mostCount ?? Number.POSITIVE_INFINITY)) {
      groups.push([])
      bytes = head.length + part.bytes.length + tail.length
      count = part.count ?? 1
    }
    groups.at(-1)!.push(part)
  }
  return groups
}

async function sendGroup(
  group: readonly Part[],
  { head = nothing, separator = nothing, tail = nothing, ...options }: PartsOptions,
): Promise<ExportResult> {
  const { mostBytes, mostPackedBytes = Number.POSITIVE_INFINITY, pack, send } = options
  const body = Buffer.concat([head, ...group.flatMap(({ bytes }, at) => (at === 0 ? [bytes] : [separator, bytes])), tail])
  if (body.length > mostBytes) return tooLarge(new Error(`${body.length} bytes, where ${mostBytes} are the most that is taken`))
  const packed = pack ? await pack(body) : body
  if (packed.length <= mostPackedBytes) return send(packed)
  return tooLarge(new Error(`${packed.length} bytes when packed, where ${mostPackedBytes} are the most that is taken`))
}

const recordsOf = (parts: readonly Part[]): number[] => parts.flatMap(({ records }) => records)
