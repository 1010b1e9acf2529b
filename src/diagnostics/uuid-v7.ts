/** A UUID of version 7 (RFC 9562, 5.7): 48 bits of milliseconds since the epoch, then 74 random ones. Sorts by time. `random` is uniform in [0, 1). */
export function uuidV7(timeMs: number, random: () => number): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(Math.floor(timeMs), 0, 6)
  for (let at = 6; at < 16; at++) bytes[at] = random() * 256
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
