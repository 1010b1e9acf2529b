import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ByteWriter } from '../../core/byte-writer.ts'
import { toError } from '../../core/result.ts'
import type { FileLayer, OpenFile } from './file-layer.ts'
import { appendFrame } from './frames.ts'
import { encodeHeader, segmentName } from './segment-header.ts'

/** `commit`: on the device before it is answered; `interval`: with the operating system, on the device within a second; `none`: whenever the system likes. */
export type Durability = 'commit' | 'interval' | 'none'

export interface SegmentWriterOptions<Extra> {
  readonly files: FileLayer
  readonly folder: string
  readonly durability: Durability
  /** A new segment is begun when one is at least this long. */
  readonly segmentBytes: number
  /** 32 hex digits. */
  readonly buffer: string
  /** Of the next segment. */
  readonly number: number
  /** Of the next record. */
  readonly position: number
  /** Made for each segment. */
  readonly extra: () => Extra
  /** What the first frame of a segment holds. */
  readonly firstFrame: () => Uint8Array
}

/** A segment as far as it is committed. */
export interface Segment {
  readonly number: number
  /** Position of its first record. */
  readonly from: number
  /** Of the first record that is not in it. */
  until: number
  bytes: number
}

interface Growing<Extra> extends Segment {
  readonly marker: number
  readonly extra: Extra
  /** Length with everything staged. */
  length: number
  file: OpenFile | undefined
  dirty: boolean
}

interface Appended {
  readonly until: number
  settled(error?: Error): void
}

interface Chunk<Extra> {
  readonly segment: Growing<Extra>
  readonly offset: number
  readonly writer: ByteWriter
  readonly appended: Appended[]
}

/**
 * Appends to segments, in groups: whatever came while a group was being written goes out as the next one, with one write
 * and one sync. What cannot be written is refused as a whole, and the next append begins another segment.
 */
export class SegmentWriter<Extra> {
  readonly #options: SegmentWriterOptions<Extra>
  /** Those with committed records, in order; whoever reads takes away what is settled. */
  readonly segments: Segment[] = []
  readonly #spares: string[] = []
  readonly #writers = [new ByteWriter(), new ByteWriter()]
  #number: number
  #position: number
  #committed: number
  #growing: Growing<Extra> | undefined
  #chunks: Chunk<Extra>[] = []
  #running: Promise<void> | undefined
  #open: Growing<Extra> | undefined

  constructor(options: SegmentWriterOptions<Extra>) {
    this.#options = options
    this.#number = options.number
    this.#position = options.position
    this.#committed = options.position
  }

  /** Position of the next record to be committed. */
  get committed(): number {
    return this.#committed
  }

  /** Bytes of the segments that hold records from `position` on, with what is on its way to them. */
  bytesFrom(position: number): number {
    const kept = this.segments.reduce((sum, { until, bytes }) => (until > position ? sum + bytes : sum), 0)
    return kept + this.#chunks.reduce((sum, { writer }) => sum + writer.length, 0)
  }

  /** Whether the segment is still written to. */
  grows(segment: Segment): boolean {
    return segment === this.#growing || segment === this.#open
  }

  /** Gives a file to be written over, which is faster than a new one. */
  recycle(path: string): void {
    this.#spares.push(path)
  }

  get spares(): number {
    return this.#spares.length
  }

  /**
   * Appends records as the bodies of frames, which `encode` makes for the segment and position it is given. `settled` is called
   * without an error once they are as durable as asked for, in the order of the appends. Throws what `encode` throws.
   */
  append(
    records: number,
    encode: (position: number, extra: Extra) => readonly (readonly Uint8Array[])[],
    settled: Appended['settled'],
  ): void {
    const segment = this.#segment()
    const bodies = encode(this.#position, segment.extra)
    const chunk = this.#chunk(segment)
    for (const body of bodies) appendFrame(chunk.writer, segment.marker, body)
    segment.length = chunk.offset + chunk.writer.length
    this.#position += records
    chunk.appended.push({ until: this.#position, settled })
    this.#running ??= this.#run()
  }

  /** Puts everything that was appended on the device. */
  async sync(): Promise<void> {
    await this.#running
    await this.#sync(this.#open)
  }

  /** Takes nothing more. */
  async close(): Promise<void> {
    await this.#running
    if (this.#options.durability !== 'none') await this.#sync(this.#open)
    await this.#open?.file?.close()
    this.#open = undefined
  }

  #segment(): Growing<Extra> {
    if (this.#growing && this.#growing.length < this.#options.segmentBytes) return this.#growing
    this.#growing = {
      number: this.#number++,
      from: this.#position,
      until: this.#position,
      bytes: 0,
      marker: (randomBytes(4).readUInt32LE() | 1) >>> 0,
      extra: this.#options.extra(),
      length: 0,
      file: undefined,
      dirty: false,
    }
    return this.#growing
  }

  /** Where to stage what comes for that segment. */
  #chunk(segment: Growing<Extra>): Chunk<Extra> {
    const last = this.#chunks.at(-1)
    if (last?.segment === segment) return last
    const writer = this.#writers.pop() ?? new ByteWriter()
    writer.clear()
    if (segment.length === 0) {
      writer.bytes(encodeHeader({ ...segment, buffer: this.#options.buffer }))
      appendFrame(writer, segment.marker, [this.#options.firstFrame()])
    }
    const chunk = { segment, offset: segment.length, writer, appended: [] }
    this.#chunks.push(chunk)
    return chunk
  }

  async #run(): Promise<void> {
    for (;;) {
      // Whoever was just answered, or has data at hand, can still join the group.
      await turn()
      const chunk = this.#chunks.shift()
      if (!chunk) break
      try {
        await this.#write(chunk)
      } catch (thrown) {
        await this.#abandon(chunk, toError(thrown))
        continue
      } finally {
        this.#writers.push(chunk.writer)
      }
      const { segment, appended } = chunk
      if (segment.bytes === 0) this.segments.push(segment)
      segment.bytes = chunk.offset + chunk.writer.length
      for (const { until, settled } of appended) {
        segment.until = until
        this.#committed = until
        settled()
      }
    }
    this.#running = undefined
  }

  async #write({ segment, offset, writer }: Chunk<Extra>): Promise<void> {
    const { durability } = this.#options
    const isNew = segment.file === undefined
    if (isNew) await this.#begin(segment)
    segment.dirty = true
    await segment.file!.write(writer.view(), offset)
    if (durability === 'commit') await this.#sync(segment)
    if (isNew) await this.#name(segment)
  }

  /** Opens the file of a segment, under a name that is not yet a segment's. */
  async #begin(segment: Growing<Extra>): Promise<void> {
    const { files, durability } = this.#options
    const before = this.#open
    this.#open = undefined
    if (durability !== 'none') await this.#sync(before)
    await before?.file?.close()
    const spare = this.#spares.pop() ?? this.#spareName(segment)
    segment.file = await files.open(spare, 'write')
    this.#open = segment
    if (spare !== this.#spareName(segment)) await files.rename(spare, this.#spareName(segment))
  }

  async #name(segment: Growing<Extra>): Promise<void> {
    const { files, folder, durability } = this.#options
    await files.rename(this.#spareName(segment), join(folder, segmentName(segment.number)))
    if (durability !== 'none') await files.syncFolder(folder)
  }

  async #sync(segment: Growing<Extra> | undefined): Promise<void> {
    if (!segment?.dirty) return
    segment.dirty = false
    try {
      await segment.file!.sync()
    } catch (error) {
      segment.dirty = true
      throw error
    }
  }

  /** After a failure nobody knows what of the chunk is in the file: it is cut off, and nothing more goes into that file. */
  async #abandon(failed: Chunk<Extra>, error: Error): Promise<void> {
    const lost = [failed, ...this.#chunks]
    this.#chunks = []
    this.#growing = undefined
    this.#position = this.#committed
    const { segment } = failed
    const { files, folder } = this.#options
    try {
      if (segment.bytes > 0) await segment.file?.truncate(segment.bytes)
      await segment.file?.close()
      if (segment.bytes === 0) {
        await files.remove(this.#spareName(segment))
        await files.remove(join(folder, segmentName(segment.number)))
      }
    } catch {
      // The reader knows by the positions in the next segment what here was never accepted.
    }
    if (this.#open === segment) this.#open = undefined
    for (const { appended } of lost) for (const { settled } of appended) settled(error)
  }

  #spareName({ number }: Segment): string {
    return join(this.#options.folder, spareName(number))
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** The file name of what is to become a segment. */
export const spareName = (number: number): string => `${String(number).padStart(10, '0')}.spare`

export const isSpare = (name: string): boolean => /^\d{10}\.spare$/.test(name)
