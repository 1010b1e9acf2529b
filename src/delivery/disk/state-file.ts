import { ByteWriter } from '../../core/byte-writer.ts'
import type { FileLayer, OpenFile } from './file-layer.ts'
import { appendFrame, framesIn } from './frames.ts'
import { decodeState, encodeState, type QueueState } from './state.ts'

const marker = 0x53_46_42_57
const slotBytes = 65_536

/**
 * Keeps the newest state in a file of two slots, written in turn: when one is torn the other is whole. The file is as long
 * from the first as it will ever be, so that what was delivered can be noted on a disk that is full.
 */
export class StateFile {
  readonly #file: OpenFile
  readonly #writer = new ByteWriter(1024)
  #slot = 0
  #next: QueueState | undefined
  #writing: Promise<void> | undefined
  #synced = true

  private constructor(file: OpenFile) {
    this.#file = file
  }

  /** Opens the file, made where there is none. `state` is undefined when it holds none; `damaged` when it should. */
  static async open(
    files: FileLayer,
    path: string,
  ): Promise<{ readonly file: StateFile; readonly state: QueueState | undefined; readonly damaged: boolean }> {
    const open = await files.open(path, 'write')
    try {
      const size = await open.size()
      const bytes = await open.read(0, 2 * slotBytes)
      const slots = [0, 1].map((slot) => stateIn(bytes.subarray(slot * slotBytes, (slot + 1) * slotBytes)))
      if (size < 2 * slotBytes) await open.write(Buffer.alloc(2 * slotBytes - size), size)
      const file = new StateFile(open)
      const [first, second] = slots
      const state = first && second ? (first.serial > second.serial ? first : second) : (first ?? second)
      file.#slot = state === first ? 1 : 0
      return { file, state, damaged: !state && bytes.some((byte) => byte !== 0) }
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
    if (this.#synced) return
    this.#synced = true
    try {
      await this.#file.sync()
    } catch (error) {
      this.#synced = false
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
      await this.#file.write(this.#writer.view(), this.#slot * slotBytes)
    } catch (error) {
      this.#next ??= state
      throw error
    }
    this.#slot = 1 - this.#slot
    this.#synced = false
  }
}

function stateIn(slot: Buffer): QueueState | undefined {
  const [found] = framesIn(slot, marker)
  return found?.kind === 'frame' ? decodeState(found.body) : undefined
}
