import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { toError } from '../../core/result.ts'
import type { FileLayer, OpenFile } from './file-layer.ts'
import { appendFrame } from './frames.ts'
import { GatheredBytes } from './gathered-bytes.ts'
import type { Keyring, Seal } from './keyring.ts'
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
  /** Encrypts what is written. */
  readonly keys: Keyring
}

/** A segment as far as it is committed. */
export interface Segment {
  readonly number: number
  /** Position of its first record. */
  readonly from: number
  /** Of the first record that is not in it. */
  until: number
  bytes: number
  /** Whether its entries are compressed. */
  packed: boolean
  readonly encrypted: boolean
}

/** What it takes to write to a segment; it ends when the segment is full, which itself may stay for long. */
interface Growing<Extra> {
  readonly segment: Segment
  readonly marker: number
  readonly extra: Extra
  readonly seal: Seal
  /** Length with everything staged. */
  length: number
  file: OpenFile | undefined
  dirty: boolean
}

/** What comes when a group is this long begins the next. Writes of several MiB can cost Linux four times the CPU time for each byte. */
const groupBytes = 1 << 20

/** A group that is this long is written without waiting for more. */
const enoughBytes = 1 << 18

interface Appended {
  readonly until: number
  settled(error?: Error): void
}

interface Chunk<Extra> {
  readonly growing: Growing<Extra>
  readonly offset: number
  readonly gathered: GatheredBytes
  readonly appended: Appended[]
}

/**
 * Appends to segments, in groups: whatever came while a group was being written goes out as the next one, with one write
 * and one sync. A group is bounded: those of one are answered, and make their next, while another is being written. What cannot
 * be written is refused as a whole, and the next append begins another segment.
 */
export class SegmentWriter<Extra> {
  readonly #options: SegmentWriterOptions<Extra>
  /** Those with committed records, in order; whoever reads takes away what is settled. */
  readonly segments: Segment[] = []
  readonly #spares: string[] = []
  readonly #gathered = [new GatheredBytes(), new GatheredBytes()]
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
    return kept + this.#chunks.reduce((sum, { gathered }) => sum + gathered.length, 0)
  }

  /** Whether the segment is still written to. */
  grows(segment: Segment): boolean {
    return segment === this.#growing?.segment || segment === this.#open?.segment
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
    const growing = this.#grow()
    const bodies = encode(this.#position, growing.extra)
    const chunk = this.#chunk(growing)
    for (const body of bodies) appendFrame(chunk.gathered, growing.marker, growing.seal(body))
    growing.length = chunk.offset + chunk.gathered.length
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

  #grow(): Growing<Extra> {
    if (this.#growing && this.#growing.length < this.#options.segmentBytes) return this.#growing
    const { keys } = this.#options
    this.#growing = {
      segment: {
        number: this.#number++,
        from: this.#position,
        until: this.#position,
        bytes: 0,
        packed: false,
        encrypted: keys.encrypts,
      },
      seal: keys.seal(),
      marker: (randomBytes(4).readUInt32LE() | 1) >>> 0,
      extra: this.#options.extra(),
      length: 0,
      file: undefined,
      dirty: false,
    }
    return this.#growing
  }

  /** Where to stage what comes for that segment. */
  #chunk(growing: Growing<Extra>): Chunk<Extra> {
    const last = this.#chunks.at(-1)
    if (last?.growing === growing && last.gathered.length < groupBytes) return last
    const gathered = this.#gathered.pop() ?? new GatheredBytes()
    const { segment, marker, seal, length } = growing
    if (length === 0) {
      gathered.bytes(encodeHeader({ ...segment, marker, buffer: this.#options.buffer }))
      appendFrame(gathered, marker, seal([this.#options.firstFrame()]))
    }
    const chunk = { growing, offset: length, gathered, appended: [] }
    this.#chunks.push(chunk)
    return chunk
  }

  async #run(): Promise<void> {
    for (;;) {
      // Those that were just answered and have more go with what there is, unless that is worth a write by itself.
      if ((this.#chunks[0]?.gathered.length ?? 0) < enoughBytes) await turn()
      const chunk = this.#chunks.shift()
      if (!chunk) break
      const { appended, gathered } = chunk
      const end = chunk.offset + gathered.length
      try {
        await this.#write(chunk)
      } catch (thrown) {
        await this.#abandon(chunk, toError(thrown))
        continue
      } finally {
        gathered.clear()
        if (this.#gathered.length < 2) this.#gathered.push(gathered)
      }
      const { segment } = chunk.growing
      if (segment.bytes === 0) this.segments.push(segment)
      segment.bytes = end
      for (const { until, settled } of appended) {
        segment.until = until
        this.#committed = until
        settled()
      }
    }
    this.#running = undefined
  }

  async #write({ growing, offset, gathered }: Chunk<Extra>): Promise<void> {
    const { durability } = this.#options
    const isNew = growing.file === undefined
    if (isNew) await this.#begin(growing)
    growing.dirty = durability !== 'commit'
    await growing.file!.write(gathered.pieces(), offset)
    if (isNew) await this.#name(growing.segment)
  }

  /** Opens the file of a segment, under a name that is not yet a segment's. */
  async #begin(growing: Growing<Extra>): Promise<void> {
    const { files, durability } = this.#options
    const before = this.#open
    this.#open = undefined
    if (durability !== 'none') await this.#sync(before)
    await before?.file?.close()
    const own = this.#spareName(growing.segment)
    const spare = this.#spares.pop() ?? own
    growing.file = await files.open(spare, durability === 'commit' ? 'commit' : 'write')
    this.#open = growing
    if (spare !== own) await files.rename(spare, own)
  }

  async #name(segment: Segment): Promise<void> {
    const { files, folder, durability } = this.#options
    await files.rename(this.#spareName(segment), join(folder, segmentName(segment.number)))
    if (durability !== 'none') await files.syncFolder(folder)
  }

  async #sync(growing: Growing<Extra> | undefined): Promise<void> {
    if (!growing?.dirty) return
    growing.dirty = false
    try {
      await growing.file!.sync()
    } catch (error) {
      growing.dirty = true
      throw error
    }
  }

  /** After a failure nobody knows what of the chunk is in the file: it is cut off, and nothing more goes into that file. */
  async #abandon(failed: Chunk<Extra>, error: Error): Promise<void> {
    const lost = [failed, ...this.#chunks]
    this.#chunks = []
    this.#growing = undefined
    this.#position = this.#committed
    const { segment, file } = failed.growing
    const { files, folder } = this.#options
    try {
      if (segment.bytes > 0) await file?.truncate(segment.bytes)
      await file?.close()
      if (segment.bytes === 0) {
        await files.remove(this.#spareName(segment))
        await files.remove(join(folder, segmentName(segment.number)))
      }
    } catch {
      // The reader knows by the positions in the next segment what here was never accepted.
    }
    if (this.#open === failed.growing) this.#open = undefined
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
