import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'

/** Unpacks a body. Throws a RangeError when it would be more than `mostBytes`, and any other Error when it is not packed so. */
export type Unpack = (body: Uint8Array, mostBytes: number) => Uint8Array | Promise<Uint8Array>

const gunzipped = promisify(gunzip)
const zstandard = promisify(zstdDecompress)

/** By content coding (RFC 9110, 8.4.1). */
export const unpacking: Readonly<Record<string, Unpack>> = {
  identity: (body) => body,
  gzip: (body, mostBytes) => gunzipped(body, { maxOutputLength: mostBytes }),
  zstd: (body, mostBytes) => zstandard(body, { maxOutputLength: mostBytes }),
}

/**
 * The body of a request; undefined when it has more than `mostBytes`. Of what is too much, or not wanted at all, as much again is read
 * and forgotten, so that the client comes to read the answer; with even more it is left to lie. Rejects when the client goes away.
 */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= mostBytes) chunks.push(chunk)
    else chunks.length = 0
    if (bytes > 2 * mostBytes + forgottenBytes) break
  }
  return bytes > mostBytes ? undefined : Buffer.concat(chunks, bytes)
}

/** Read in any case. */
const forgottenBytes = 65_536
