import { ByteWriter } from '../../core/byte-writer.ts'
import type { FileLayer, OpenFile } from './file-layer.ts'
import { appendFrame, framesIn } from './frames.ts'
import { decodeState, encodeState, type QueueState } from './state.ts'

const marker = 0x53_46_42_57
const slotBytes = 65_536
const slots = [0, 1, 2]

/**
 * Keeps the newest state in a file of three slots. A write goes neither to the slot that is on the device nor to the one that
 * was written last: whatever is torn, the last state that is known to be there is whole. The file is as long from the first as it
 * will ever be, so that what was delivered can be noted on a disk that is full.
 */
export class StateFile {
  readonly #file: OpenFile
  readonly #writer = new ByteWriter(1024)
  #last: number
  #durable: number
  #next: QueueState | undefined
  #writing: Promise<void> | undefined
  #syncing: Promise<void> | undefined
  #dirty = false

  private constructor(file: OpenFile, slot: number) {
    this.#file = file
    this.#last = slot
    this.#durable = slot
  }

  /** Opens the file, made where there is none. `state` is undefined when it holds none; `damaged` when it is not as one in which none was noted yet. */
  static async open(
    files: FileLayer,
    path: string,
  ): Promise<{ readonly file: StateFile; readonly state: QueueState | undefined; readonly damaged: boolean }> {
    const open = await files.open(path, 'write')
    try {
      const size = await open.size()
      const length = slots.length * slotBytes
      const bytes = await open.read(0, length)
      const found = slots.map((slot) => stateIn(bytes.subarray(slot * slotBytes, (slot + 1) * slotBytes)))
      if (size < length) await open.write([Buffer.alloc(length - size)], size)
      await open.sync()
      const newest = slots.reduce((best, slot) => ((found[slot]?.serial ?? -1) > (found[best]?.serial ?? -1) ? slot : best))
      const state = found[newest]
      return { file: new StateFile(open, newest), state, damaged: !state && (size < length || bytes.some((byte) => byte !== 0)) }
    } catch (error) {
      await open.close()
      throw error
    }
  }

  /** Resolves when this state, or a newer one, is with the operating system. Rejects when it cannot be written. */
  async write(state: QueueState): Promise<void> {
    this.#next = state
    while (this.#writing) await this.#writing.catch(() => {})
    const { serial } = state
    if (this.#next && this.#next.serial >= serial) {
      this.#writing = this.#writeNext().finally(() => {
        this.#writing = undefined
      })
      await this.#writing
    }
  }

  /** What was written is on the device when it resolves. */
  async sync(): Promise<void> {
    while (this.#syncing) await this.#syncing.catch(() => {})
    if (!this.#dirty) return
    this.#dirty = false
    const slot = this.#last
    this.#syncing = this.#file.sync().finally(() => {
      this.#syncing = undefined
    })
    try {
      await this.#syncing
      this.#durable = slot
    } catch (error) {
      this.#dirty = true
      throw error
    }
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  async #writeNext(): Promise<void> {
    const state = this.#next!
    this.#next = undefined
    this.#writer.clear()
    appendFrame(this.#writer, marker, [encodeState(state)])
    if (this.#writer.length > slotBytes) throw new RangeError('the state does not fit into its slot')
    try {
      const slot = slots.find((slot) => slot !== this.#durable && slot !== this.#last)!
      await this.#file.write([this.#writer.view()], slot * slotBytes)
      this.#last = slot
    } catch (error) {
      this.#next ??= state
      throw error
    }
    this.#dirty = true
  }
}

function stateIn(slot: Buffer): QueueState | undefined {
  const [found] = framesIn(slot, marker)
  return found?.kind === 'frame' ? decodeState(found.body) : undefined
}
