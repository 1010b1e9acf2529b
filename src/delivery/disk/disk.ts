import { join } from 'node:path'
import type { Context } from '../../core/context.ts'
import type { Dictionary, RecordType } from '../../core/record-type.ts'
import { toError } from '../../core/result.ts'
import { kinds } from './bodies.ts'
import type { FileLayer } from './file-layer.ts'
import type { Keyring } from './keyring.ts'
import { packingName, packSegment } from './pack-segment.ts'
import { Quarantine } from './quarantine.ts'
import { ReadAhead } from './read-ahead.ts'
import { type Recovered, recover, stateName } from './recover.ts'
import { refuse } from './refuse.ts'
import { segmentName } from './segment-header.ts'
import { type Durability, type Segment, SegmentWriter, spareName } from './segment-writer.ts'
import { encodeState, type QueueState } from './state.ts'
import { StateFile } from './state-file.ts'
import { takeFolder } from './take-folder.ts'

export interface DiskOptions<T> {
  readonly files: FileLayer
  readonly folder: string
  readonly records: RecordType<T>
  readonly durability: Durability
  readonly batchSize: number | undefined
  readonly segmentBytes: number
  /** Whether segments that have to wait are compressed. */
  readonly compress: boolean
  /** Encrypts what is written. */
  readonly keys: Keyring
}

type Found = Recovered & { readonly stateFile: StateFile; readonly release: () => void }

/** What is written is put on the device at least this often, where it is not at once. */
const syncIntervalMs = 1000

/** So many of the oldest segments are not packed: it is soon their turn. */
const untouched = 2

/** How many files are kept to be written over. */
const maxSpares = 2

/** The files of one buffer, taken for this process: what writes them, what reads them, and how far they have come. */
export class Disk<Time, T> {
  readonly writer: SegmentWriter<Dictionary | undefined>
  readonly ahead: ReadAhead<Time, T>
  /** As it was last written, or is about to be. */
  state: QueueState
  readonly #options: DiskOptions<T>
  readonly #context: Context
  readonly #stateFile: StateFile
  readonly #quarantine: Quarantine
  readonly #release: () => void
  readonly #closing = new AbortController()
  #syncing: Promise<void> | undefined
  #retiring: Promise<void> | undefined
  #packing: Promise<void> | undefined
  readonly #unpackable = new Set<Segment>()

  private constructor(options: DiskOptions<T>, context: Context, found: Found) {
    const { files, folder, records, batchSize, keys } = options
    const { state, number, segments, spares, stateFile, release } = found
    this.#options = options
    this.#context = context
    this.state = state
    this.#stateFile = stateFile
    this.#release = release
    this.#quarantine = new Quarantine(files, folder, context.log)
    this.writer = new SegmentWriter({
      ...options,
      buffer: state.buffer,
      number,
      position: state.next,
      extra: () => records.dictionary?.(),
      firstFrame: () => Buffer.concat([stateKind, encodeState(this.state)]),
    })
    this.writer.segments.push(...segments)
    for (const spare of spares) this.writer.recycle(spare)
    const damaged = this.#quarantine.put.bind(this.#quarantine)
    this.ahead = new ReadAhead({ files, folder, records, batchSize, keys, damaged, written: this.writer }, state)
  }

  /** Takes the folder, made where there is none, with whatever is in it. Rejects with a WaybillError or the system's error. */
  static async open<Time, T>(options: DiskOptions<T>, context: Context): Promise<Disk<Time, T>> {
    const { files, folder, keys } = options
    const { log } = context
    await files.makeFolder(folder)
    const release = await takeFolder(files, folder)
    try {
      await refuse({ files, folder, keys })
      const { file: stateFile, state: known, damaged } = await StateFile.open(files, join(folder, stateName))
      try {
        const found = await recover({ files, folder, keys, log, state: known, damaged })
        return new Disk(options, context, { stateFile, release, ...found })
      } catch (error) {
        await stateFile.close()
        throw error
      }
    } catch (error) {
      release()
      throw error
    }
  }

  /** Notes the state, and lets go of the segments that it makes superfluous. Never rejects: what cannot be noted is told. */
  async note(state: QueueState): Promise<void> {
    this.state = state
    try {
      await this.#stateFile.write(state)
      this.#retiring ??= this.#retire(state.done).finally(() => {
        this.#retiring = undefined
      })
      await this.#retiring
    } catch (thrown) {
      this.#warn('what was delivered cannot be noted: after a restart it may be delivered again', thrown)
    }
    this.syncLater()
  }

  /** Sees that what is written is on the device within a second. */
  syncLater(): void {
    if (this.#options.durability === 'none' || this.#syncing || this.#closing.signal.aborted) return
    this.#syncing = this.#context.clock
      .sleep(syncIntervalMs, this.#closing.signal)
      .then(async () => {
        if (this.#options.durability === 'interval') await this.writer.sync()
        await this.#stateFile.sync()
      })
      .catch((thrown) => this.#warn('the buffer cannot be put on the device', thrown))
      .finally(() => {
        this.#syncing = undefined
      })
  }

  /** Compresses segments that wait, one after another, if there are any to be compressed. */
  packLater(): void {
    if (!this.#options.compress || this.#packing || this.#closing.signal.aborted) return
    const segment = this.writer.segments.find((it, index) => index >= untouched && this.#packable(it))
    if (!segment) return
    this.#packing = this.#pack(segment).finally(() => {
      this.#packing = undefined
      this.packLater()
    })
  }

  /** Puts everything on the device and lets go of the folder. Never rejects: what fails is told. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#syncing
    await this.#packing
    await this.#retiring?.catch(() => {})
    await this.#quarantine.idle()
    const ends = [
      () => this.writer.close(),
      () => this.#stateFile.sync(),
      () => this.ahead.close(),
      () => this.#stateFile.close(),
      async () => this.#release(),
    ]
    for (const end of ends) await end().catch((thrown) => this.#warn('the buffer is not closed in order', thrown))
  }

  /** Only once the state is on the device: a segment that is not there, and not known to be settled, would be missed. */
  async #retire(done: number): Promise<void> {
    const { files, folder, durability } = this.#options
    const { segments } = this.writer
    const over = segments.filter((segment) => segment.until <= done && !this.writer.grows(segment))
    if (over.length === 0) return
    if (durability !== 'none') await this.#stateFile.sync()
    for (const segment of over) {
      await this.ahead.exchange(segment, async () => {
        await this.#letGo(segment)
        segments.splice(segments.indexOf(segment), 1)
      })
      this.#unpackable.delete(segment)
    }
    if (durability !== 'none') await files.syncFolder(folder)
  }

  #packable(segment: Segment): boolean {
    return !segment.packed && !this.writer.grows(segment) && !this.#unpackable.has(segment)
  }

  /** Never rejects: what cannot be packed stays as it is. */
  async #pack(segment: Segment): Promise<void> {
    const { files, folder, keys } = this.#options
    const { number } = segment
    this.#unpackable.add(segment)
    try {
      const bytes = await packSegment(segment, { files, folder, keys, signal: this.#closing.signal })
      if (bytes === undefined) return
      const packing = join(folder, packingName(number))
      await this.ahead.exchange(segment, async () => {
        if (!this.writer.segments.includes(segment)) return files.remove(packing)
        await files.rename(packing, join(folder, segmentName(number)))
        Object.assign(segment, { bytes, packed: true, encrypted: keys.encrypts })
      })
    } catch (thrown) {
      this.#warn('a segment of the buffer cannot be compressed', thrown)
    }
  }

  async #letGo({ number, bytes }: Segment): Promise<void> {
    const { files, folder, segmentBytes } = this.#options
    const path = join(folder, segmentName(number))
    if (this.writer.spares >= maxSpares || bytes > 2 * segmentBytes) return files.remove(path)
    const spare = join(folder, spareName(number))
    await files.rename(path, spare).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== 'ENOENT') throw thrown
    })
    this.writer.recycle(spare)
  }

  #warn(message: string, thrown: unknown): void {
    this.#context.log.warn(message, { directory: this.#options.folder, error: toError(thrown) })
  }
}

const stateKind = Uint8Array.of(kinds.state)
