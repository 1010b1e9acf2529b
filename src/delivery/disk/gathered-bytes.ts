import { ByteWriter } from '../../core/byte-writer.ts'

/** What is this long is not copied: a copy takes longer than one more piece in a write. */
const largeBytes = 16_384

/** Bytes on their way to a file. Small ones are put together; large ones stay where they are, so nobody may change them until they are written. */
export class GatheredBytes {
  readonly #small = new ByteWriter()
  /** Each stands in front of the small bytes from `at` on. */
  #large: { readonly at: number; readonly bytes: Uint8Array }[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  clear(): void {
    this.#small.clear()
    this.#large = []
    this.#length = 0
  }

  bytes(bytes: Uint8Array): void {
    this.#length += bytes.length
    if (bytes.length >= largeBytes) this.#large.push({ at: this.#small.length, bytes })
    else this.#small.bytes(bytes)
  }

  /** What was written, in order; valid until the next write. */
  pieces(): readonly Uint8Array[] {
    const small = this.#small.view()
    const pieces: Uint8Array[] = []
    let from = 0
    for (const { at, bytes } of this.#large) {
      if (at > from) pieces.push(small.subarray(from, at))
      pieces.push(bytes)
      from = at
    }
    if (small.length > from) pieces.push(small.subarray(from))
    return pieces
  }
}
