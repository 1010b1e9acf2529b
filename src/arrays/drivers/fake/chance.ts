/** A number for a text, 32 bits of it: FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/. */
export function numberOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** What looks random in [0, 1) and is the same for the same two numbers: the finalizer of MurmurHash3, https://github.com/aappleby/smhasher. */
export function chance(one: number, other: number): number {
  let hash = one ^ Math.imul(other, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
