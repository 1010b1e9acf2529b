import { join } from 'node:path'
import { ByteWriter } from '../../core/byte-writer.ts'
import { kinds } from './bodies.ts'
import { contentsOf, joined } from './contents.ts'
import type { FileLayer } from './file-layer.ts'
import { appendFrame, framesIn } from './frames.ts'
import type { Keyring } from './keyring.ts'
import { decodeHeader, encodeHeader, headerBytes, segmentName } from './segment-header.ts'
import type { Segment } from './segment-writer.ts'

export interface PackOptions {
  readonly files: FileLayer
  readonly folder: string
  readonly keys: Keyring
  /** When it aborts, nothing more is done. */
  readonly signal: AbortSignal
}

/** So much is compressed as one: what a damaged bit costs at most, and nearly as short as all of a segment at once. */
const blockBytes = 1 << 17

/** What is packed is worth it when it is shorter by a tenth. */
const worthwhile = 0.9

/** The file name of a segment that is being packed. */
export const packingName = (number: number): string => `${String(number).padStart(10, '0')}.packing`

export const isPacking = (name: string): boolean => /^\d{10}\.packing$/.test(name)

/**
 * Writes what is in a segment to a file of its own, compressed, and puts that on the device: its length, or undefined, and there is
 * no file, where it does not pay or the segment is damaged, which is for its reader to tell. Rejects with the system's errors.
 */
export async function packSegment({ number, bytes }: Segment, { files, folder, keys, signal }: PackOptions): Promise<number | undefined> {
  const whole = await readAll(files, join(folder, segmentName(number)), bytes)
  const header = decodeHeader(whole)
  if (!header || 'newer' in header || header.packed) return undefined
  const seal = keys.seal()
  const writer = new ByteWriter(whole.length >> 1)
  writer.bytes(encodeHeader({ ...header, packed: true, encrypted: keys.encrypts }))
  for (const block of blocksOf(whole, header.marker, keys)) {
    if (signal.aborted || block === 'damage') return undefined
    const { bodies, plain } = block
    appendFrame(writer, header.marker, seal(plain ? bodies : [packedKind, await files.compress(joined(bodies))]))
  }
  if (writer.length > worthwhile * whole.length) return undefined
  const path = join(folder, packingName(number))
  try {
    const file = await files.open(path, 'write')
    try {
      await file.write([writer.view()], 0)
      await file.sync()
    } finally {
      await file.close()
    }
    return writer.length
  } catch (error) {
    await files.remove(path).catch(() => {})
    throw error
  }
}

interface Block {
  readonly bodies: readonly Buffer[]
  /** Left as it is, so that it is found without unpacking. */
  readonly plain: boolean
}

/** The bodies in a segment, those that go together; the two copies of what is there twice never do. */
function* blocksOf(whole: Buffer, marker: number, keys: Keyring): Generator<Block | 'damage', void, undefined> {
  let bodies: Buffer[] = []
  let length = 0
  for (const frame of framesIn(whole, marker, headerBytes)) {
    if (frame.kind === 'damage' || (frame.kind === 'end' && frame.torn)) return yield 'damage'
    if (frame.kind === 'end') break
    for (const body of contentsOf(frame.body, keys)) {
      const isState = body[0] === kinds.state
      const isCopy = body[0] === kinds.definitions && bodies.at(-1)?.equals(body)
      if ((isState || isCopy || length >= blockBytes) && bodies.length > 0) {
        yield { bodies, plain: false }
        bodies = []
        length = 0
      }
      if (isState) yield { bodies: [body], plain: true }
      else {
        bodies.push(body)
        length += body.length
      }
    }
  }
  if (bodies.length > 0) yield { bodies, plain: false }
}

async function readAll(files: FileLayer, path: string, length: number): Promise<Buffer> {
  const file = await files.open(path, 'read')
  return file.read(0, length).finally(() => file.close())
}

const packedKind = Uint8Array.of(kinds.packed)
