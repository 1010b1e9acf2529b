/**
 * What the frames of a segment hold, told by the first byte of their bodies:
 *
 *     entry        position and number of its records, when it was accepted, its time, then the encoded data
 *     definitions  what the data of this segment shares; written twice before the first entry that needs it, so that a damaged
 *                  frame costs no record but its own
 *     state        as in the state file, when the segment was begun
 *     packed       several bodies as one, compressed with zstd: of each its length, then itself
 *     encrypted    a body that only the holder of a key can read: see keyring.ts
 */
import { ByteReader } from '../../core/byte-reader.ts'
import { ByteWriter } from '../../core/byte-writer.ts'
import type { Dictionary } from '../../core/record-type.ts'

export const kinds = { entry: 1, definitions: 2, state: 3, packed: 4, encrypted: 5 } as const

/** What stands in front of an entry's data. */
export interface EntryHead<Time> {
  /** How many records were accepted before its first. */
  readonly from: number
  readonly records: number
  readonly acceptedMs: number
  readonly time: Time
}

const times = { date: 1, window: 2, json: 3 } as const
const writer = new ByteWriter(256)

/** The beginning of an entry's body, the kind included. Times are Dates, windows, or what JSON can say. */
function encodeEntryHead<Time>({ from, records, acceptedMs, time }: EntryHead<Time>): Uint8Array {
  writer.clear()
  writer.byte(kinds.entry)
  writer.varint(from)
  writer.varint(records)
  writer.double(acceptedMs)
  if (time instanceof Date) {
    writer.byte(times.date)
    writer.double(time.getTime())
  } else if (isWindow(time)) {
    writer.byte(times.window)
    writer.double(time.start.getTime())
    writer.double(time.end.getTime())
  } else {
    const text = Buffer.from(JSON.stringify(time) ?? 'null')
    writer.byte(times.json)
    writer.varint(text.length)
    writer.bytes(text)
  }
  return writer.take()
}

/** The bodies of the frames for one entry: what it needs of the dictionary first. */
export function bodiesOf<Time>(
  head: EntryHead<Time>,
  data: Uint8Array,
  dictionary: Dictionary | undefined,
): readonly (readonly Uint8Array[])[] {
  const entry = [encodeEntryHead(head), data]
  const added = dictionary?.takeAdded()
  const definitions = added && [definitionsKind, added]
  return definitions ? [definitions, definitions, entry] : [entry]
}

const definitionsKind = Uint8Array.of(kinds.definitions)

/** The head of an entry and its data. Throws a RangeError or SyntaxError for a body that is none. */
export function decodeEntry<Time>(body: Buffer): { readonly head: EntryHead<Time>; readonly data: Buffer } {
  const reader = new ByteReader(body.subarray(1))
  const head = { from: reader.varint(), records: reader.varint(), acceptedMs: reader.double(), time: readTime(reader) as Time }
  return { head, data: body.subarray(body.length - reader.left) }
}

function readTime(reader: ByteReader): unknown {
  const kind = reader.byte()
  if (kind === times.date) return new Date(reader.double())
  if (kind === times.window) return { start: new Date(reader.double()), end: new Date(reader.double()) }
  if (kind === times.json) return JSON.parse(reader.text(reader.varint()))
  throw new RangeError(`no time begins with ${kind}`)
}

const isWindow = (time: unknown): time is { start: Date; end: Date } =>
  typeof time === 'object' && time !== null && 'start' in time && time.start instanceof Date && 'end' in time && time.end instanceof Date
