/**
 * What was compressed in Snappy's block format. Throws an Error that says at which byte it is not in that format, and a RangeError,
 * before it takes any memory, when it would be more than `mostBytes`.
 */
export function uncompress(input: Uint8Array, mostBytes: number): Uint8Array {
  const { size, start } = sizeOf(input)
  if (size > mostBytes) throw new RangeError(`it would be ${size} bytes, and may be at most ${mostBytes}`)
  // Three bytes become 64 at most: what claims to be larger is a lie, which must not cost the memory.
  if (size > (64 / 3) * input.length) throw new Error(`it cannot be ${size} bytes: there are only ${input.length}`)
  const output = new Uint8Array(size)
  let at = start
  let to = 0
  while (at < input.length) {
    const element = at
    const tag = input[at++]!
    const kind = tag & 3
    let length = (tag >> 2) + 1
    if (kind === literal) {
      if (length > 60) {
        const bytes = length - 60
        length = little(input, at, bytes) + 1
        at += bytes
      }
      if (length > input.length - at || length > size - to) throw wrong(element, 'a literal goes beyond the end')
      if (length > 32) output.set(input.subarray(at, at + length), to)
      else for (let index = 0; index < length; index++) output[to + index] = input[at + index]!
      at += length
      to += length
      continue
    }
    let distance: number
    if (kind === copy1) {
      length = ((tag >> 2) & 7) + 4
      distance = ((tag >> 5) << 8) | little(input, at, 1)
      at += 1
    } else {
      const bytes = kind === copy2 ? 2 : 4
      distance = little(input, at, bytes)
      at += bytes
    }
    if (distance === 0 || distance > to) throw wrong(element, 'a copy from before the beginning')
    if (length > size - to) throw wrong(element, 'a copy goes beyond the end')
    if (distance >= length && length > 32) output.copyWithin(to, to - distance, to - distance + length)
    else for (let index = 0; index < length; index++) output[to + index] = output[to - distance + index]!
    to += length
  }
  if (to !== size) throw wrong(at, `it ends after ${to} of ${size} bytes`)
  return output
}

const literal = 0
const copy1 = 1
const copy2 = 2

/** The size in front, and where the elements start. */
function sizeOf(input: Uint8Array): { readonly size: number; readonly start: number } {
  let size = 0
  for (let at = 0; at < 5 && at < input.length; at++) {
    const byte = input[at]!
    size += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) {
      if (size > 0xffff_ffff) break
      return { size, start: at + 1 }
    }
  }
  throw wrong(0, 'there is no size')
}

/** An integer of one to four bytes, the lowest first. */
function little(input: Uint8Array, at: number, bytes: number): number {
  if (bytes > input.length - at) throw wrong(at, 'it ends within an element')
  let value = 0
  for (let index = bytes - 1; index >= 0; index--) value = value * 256 + input[at + index]!
  return value
}

const wrong = (at: number, what: string): Error => new Error(`not in Snappy's block format at byte ${at}: ${what}`)
