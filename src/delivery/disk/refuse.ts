import { join } from 'node:path'
import { WaybillError } from '../../core/errors.ts'
import { kinds } from './bodies.ts'
import type { FileLayer } from './file-layer.ts'
import { framesIn } from './frames.ts'
import type { Keyring } from './keyring.ts'
import { decodeHeader, formatVersion, headerBytes, markerOf, segmentNumber } from './segment-header.ts'

/** So much of a segment is read to learn what it is; its first frame, the state, fits in there. */
export const startBytes = 1 << 16

/**
 * Rejects with WaybillError `BUFFER_NEWER` where a newer version of Waybill has written in the folder, and `BUFFER_KEY` where
 * something is encrypted with a key that is not there. Changes nothing.
 */
export async function refuse({ files, folder, keys }: { files: FileLayer; folder: string; keys: Keyring }): Promise<void> {
  for (const name of (await files.list(folder)).toSorted()) {
    if (segmentNumber(name) === undefined) continue
    const path = join(folder, name)
    const start = await readUpTo(files, path, startBytes)
    const header = decodeHeader(start)
    if (header && 'newer' in header)
      throw new WaybillError('BUFFER_NEWER', `the buffer is of version ${header.newer}, newer than ${formatVersion}`, {
        hint: 'start the version of Waybill that wrote it, or give the buffer another directory',
        at: path,
      })
    const marker = header?.marker ?? markerOf(start)
    const locked = marker === undefined ? undefined : firstEncrypted(start, marker)
    if (locked && !keys.knows(locked))
      throw new WaybillError('BUFFER_KEY', `the buffer is encrypted${keys.isEmpty ? ', and no key is given' : ' with another key'}`, {
        hint: 'give the key that it was written with: as its key, or among its old keys',
        at: path,
      })
  }
}

function firstEncrypted(start: Buffer, marker: number): Buffer | undefined {
  for (const frame of framesIn(start, marker, headerBytes))
    if (frame.kind === 'frame' && frame.body[0] === kinds.encrypted) return frame.body
  return undefined
}

async function readUpTo(files: FileLayer, path: string, length: number): Promise<Buffer> {
  const file = await files.open(path, 'read')
  return file.read(0, length).finally(() => file.close())
}
