import { zstdDecompressSync } from 'node:zlib'
import { ByteReader } from '../../core/byte-reader.ts'
import { ByteWriter } from '../../core/byte-writer.ts'
import { kinds } from './bodies.ts'
import type { Keyring } from './keyring.ts'

/** The bodies that the body of a frame stands for: itself, or those that are packed or encrypted in it. Throws where they cannot be had. */
export function* contentsOf(body: Buffer, keys: Keyring): Generator<Buffer, void, undefined> {
  if (body[0] === kinds.encrypted) {
    yield* contentsOf(keys.open(body), keys)
  } else if (body[0] === kinds.packed) {
    const reader = new ByteReader(zstdDecompressSync(body.subarray(1)))
    while (reader.left > 0) {
      const { buffer, byteOffset, length } = reader.bytes(reader.varint())
      yield Buffer.from(buffer, byteOffset, length)
    }
  } else yield body
}

const writer = new ByteWriter()

/** These bodies as one body, before `compress` has made it shorter. */
export function joined(bodies: readonly Uint8Array[]): Uint8Array {
  writer.clear()
  for (const body of bodies) {
    writer.varint(body.length)
    writer.bytes(body)
  }
  return writer.take()
}
