/**
 * Frames: how pieces of data stand one after another in a segment, so that after any damage the whole ones are found again.
 *
 *     marker  4 bytes  the segment's own, so that what an earlier use of the file left behind is not taken for a frame
 *     length  4 bytes  of the body
 *     check   4 bytes  CRC-32 of marker, length and body
 *     body
 *
 * Numbers stand with the lowest byte first. The CRC is that of zlib (ISO 3309), not CRC-32C: Node computes it natively at
 * 4 GB/s and more, where a table in JavaScript reaches 1 GB/s; both find the same kinds of damage.
 */
import { crc32 } from 'node:zlib'

/** Bytes in front of the body. */
export const frameHead = 12

const head = Buffer.alloc(frameHead)

/** Appends one frame; its body is the parts, one after another. */
export function appendFrame(to: { bytes(bytes: Uint8Array): void }, marker: number, parts: readonly Uint8Array[]): void {
  head.writeUInt32LE(marker, 0)
  head.writeUInt32LE(
    parts.reduce((sum, { length }) => sum + length, 0),
    4,
  )
  head.writeUInt32LE(
    parts.reduce((sum, part) => crc32(part, sum), crc32(head.subarray(0, 8))),
    8,
  )
  to.bytes(head)
  for (const part of parts) to.bytes(part)
}

export type Found =
  | { readonly kind: 'frame'; readonly start: number; readonly end: number; readonly body: Buffer }
  /** Bytes that are no whole frame, with a whole one behind them. */
  | { readonly kind: 'damage'; readonly start: number; readonly end: number }
  /** The end of what was written: `torn` when a frame begins there and is not whole. */
  | { readonly kind: 'end'; readonly start: number; readonly torn: boolean }

/** What stands in `bytes` from `from` on: frames and damage in order, then one `end`. */
export function* framesIn(bytes: Buffer, marker: number, from = 0): Generator<Found, void, undefined> {
  const sign = Buffer.alloc(4)
  sign.writeUInt32LE(marker)
  for (let at = from; ; ) {
    let found = frameAt(bytes, sign, at)
    if (!found) {
      const next = nextFrame(bytes, sign, at + 1)
      if (!next) return yield { kind: 'end', start: at, torn: begins(bytes, sign, at) }
      yield { kind: 'damage', start: at, end: next.start }
      found = next
    }
    yield found
    at = found.end
  }
}

/** The frame that begins at `at`, if it is whole. A marker that alone is damaged is read as what it was. */
function frameAt(bytes: Buffer, sign: Buffer, at: number): Extract<Found, { kind: 'frame' }> | undefined {
  if (at + frameHead > bytes.length) return undefined
  const start = at + frameHead
  const end = start + bytes.readUInt32LE(at + 4)
  if (end > bytes.length) return undefined
  const body = bytes.subarray(start, end)
  const check = crc32(body, crc32(bytes.subarray(at + 4, at + 8), crc32(sign)))
  return check === bytes.readUInt32LE(at + 8) ? { kind: 'frame', start: at, end, body } : undefined
}

function nextFrame(bytes: Buffer, sign: Buffer, from: number): Extract<Found, { kind: 'frame' }> | undefined {
  for (let at = bytes.indexOf(sign, from); at >= 0; at = bytes.indexOf(sign, at + 1)) {
    const found = frameAt(bytes, sign, at)
    if (found) return found
  }
  return undefined
}

/** Whether the beginning of a frame is there, at least the first byte of its marker. */
function begins(bytes: Buffer, sign: Buffer, at: number): boolean {
  const length = Math.min(sign.length, bytes.length - at)
  return length > 0 && bytes.subarray(at, at + length).equals(sign.subarray(0, length))
}
