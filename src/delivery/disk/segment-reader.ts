import { join } from 'node:path'
import type { Dictionary, RecordType } from '../../core/record-type.ts'
import { toError } from '../../core/result.ts'
import { decodeEntry, type EntryHead, kinds } from './bodies.ts'
import { contentsOf } from './contents.ts'
import type { FileLayer, OpenFile } from './file-layer.ts'
import { framesIn } from './frames.ts'
import type { Keyring } from './keyring.ts'
import { decodeHeader, headerBytes, markerOf, segmentName } from './segment-header.ts'
import type { Segment } from './segment-writer.ts'

/** An entry as it comes out of a segment, or records of which there is nothing to be read. */
export type Read<Time, T> =
  | (EntryHead<Time> & { readonly kind: 'entry'; readonly until: number; readonly data: T; readonly bytes: number })
  | { readonly kind: 'lost'; readonly from: number; readonly until: number }

type Entry<Time, T> = Extract<Read<Time, T>, { kind: 'entry' }>

export interface SegmentReaderOptions<T> {
  readonly files: FileLayer
  readonly folder: string
  readonly records: RecordType<T>
  readonly keys: Keyring
  /** What is not whole in a segment: for a person, and to be put aside. */
  readonly damaged: (damage: Damage) => void
}

export interface Damage {
  readonly file: string
  readonly offset: number
  readonly bytes: Buffer
  readonly why: string
}

const nothing = Buffer.alloc(0)

/** So much is read at a time, and of what is packed about so much unpacked. */
const pieceBytes = 1 << 18

/** Reads one segment from the beginning on, a piece at a time, also while it grows. */
export class SegmentReader<Time, T> {
  readonly segment: Segment
  readonly #options: SegmentReaderOptions<T>
  readonly #name: string
  readonly #dictionary: Dictionary | undefined
  #file: OpenFile | undefined
  #defined: Buffer | undefined
  #marker: number | undefined
  #offset = headerBytes

  constructor(segment: Segment, options: SegmentReaderOptions<T>) {
    this.segment = segment
    this.#options = options
    this.#name = segmentName(segment.number)
    this.#dictionary = options.records.dictionary?.()
  }

  /**
   * The next entries from `position` on, some of them or all; what should be there and is not is told as lost. Rejects when
   * the file cannot be read now.
   */
  async read(position: number): Promise<readonly Read<Time, T>[]> {
    const { bytes: end, until } = this.segment
    const found: Entry<Time, T>[] = []
    for (let length = pieceBytes; found.length === 0 && this.#offset < end; ) {
      const wanted = Math.min(length, end - this.#offset)
      const piece = await this.#piece(wanted)
      const isLast = piece.length < wanted || this.#offset + piece.length >= end
      const before = this.#offset
      const isOver = this.#take(piece, { position, until, isLast }, found)
      if (isLast && isOver) this.#offset = end
      if (this.#offset === before) length *= 2
    }
    const whole = withGaps(found, position)
    const reached = found.at(-1)?.until ?? position
    return this.#offset >= end && reached < until ? [...whole, { kind: 'lost', from: reached, until }] : whole
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }

  /** Bytes from the present offset on; fewer than asked for where no more can ever be read. */
  async #piece(length: number): Promise<Buffer> {
    const { files, folder, damaged } = this.#options
    try {
      this.#file ??= await files.open(join(folder, this.#name), 'read')
      if (this.#marker === undefined) {
        const start = await this.#file.read(0, headerBytes + 4)
        const header = decodeHeader(start)
        this.#marker = header && 'marker' in header ? header.marker : markerOf(start)
      }
      return this.#marker === undefined ? nothing : await this.#file.read(this.#offset, length)
    } catch (thrown) {
      const { code, message } = thrown as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'EIO') throw thrown
      damaged({ file: this.#name, offset: this.#offset, bytes: nothing, why: message })
      return nothing
    }
  }

  /** Takes the whole frames of a piece, and moves the offset behind them; false when there was more than fits into memory. */
  #take(
    piece: Buffer,
    { position, until, isLast }: { position: number; until: number; isLast: boolean },
    found: Entry<Time, T>[],
  ): boolean {
    const { damaged } = this.#options
    const start = this.#offset
    let bytes = 0
    for (const frame of framesIn(piece, this.#marker!)) {
      if (frame.kind === 'end') {
        if (isLast && frame.torn)
          damaged({ file: this.#name, offset: start + frame.start, bytes: piece.subarray(frame.start), why: 'the last frame is not whole' })
        return true
      }
      if (bytes >= pieceBytes && found.length > 0) return false
      this.#offset = start + frame.end
      if (frame.kind === 'damage')
        damaged({ file: this.#name, offset: start + frame.start, bytes: piece.subarray(frame.start, frame.end), why: 'no whole frame' })
      else bytes += this.#body(frame.body, { position, until, offset: start + frame.start }, found)
    }
    return true
  }

  /** What is in a frame; how many bytes that is. */
  #body(body: Buffer, place: { position: number; until: number; offset: number }, found: Entry<Time, T>[]): number {
    const { keys, damaged } = this.#options
    let bytes = 0
    const tell = (thrown: unknown) => damaged({ file: this.#name, offset: place.offset, bytes: body, why: toError(thrown).message })
    try {
      for (const inner of contentsOf(body, keys)) {
        bytes += inner.length
        this.#inner(inner, place, { found, tell })
      }
    } catch (thrown) {
      tell(thrown)
    }
    return bytes
  }

  #inner(
    body: Buffer,
    { position, until }: { position: number; until: number },
    { found, tell }: { found: Entry<Time, T>[]; tell: (thrown: unknown) => void },
  ): void {
    const { records } = this.#options
    try {
      if (body[0] === kinds.definitions) this.#define(body)
      if (body[0] !== kinds.entry) return
      const { head, data } = decodeEntry<Time>(body)
      const end = head.from + head.records
      const reached = found.at(-1)?.until ?? position
      // Before: read already. Behind: refused when it could not be written, and its position given to another.
      if (head.from < reached || end > until) return
      found.push({ ...head, kind: 'entry', until: end, data: records.decode!(data, this.#dictionary), bytes: body.length })
    } catch (thrown) {
      tell(thrown)
    }
  }

  /** They stand there twice, and are read once. */
  #define(body: Buffer): void {
    if (this.#defined?.equals(body)) return
    this.#dictionary?.add(body.subarray(1))
    this.#defined = Buffer.from(body)
  }
}

/** With what is missing between the entries told as lost. */
function withGaps<Time, T>(found: readonly Entry<Time, T>[], position: number): readonly Read<Time, T>[] {
  const whole: Read<Time, T>[] = []
  let reached = position
  for (const it of found) {
    if (it.from > reached) whole.push({ kind: 'lost', from: reached, until: it.from })
    whole.push(it)
    reached = it.until
  }
  return whole
}
