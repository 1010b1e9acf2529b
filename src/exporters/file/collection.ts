import { type FileHandle, open } from 'node:fs/promises'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type Batch, batchRecords } from '../../sdk.ts'

/** What comes behind it is of this version. */
const start = 'waybill collection 1 '
const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** The line that a collection begins with: batches with other columns go to another one. */
export const collectionHeader = (batch: Batch): string =>
  `${start}${JSON.stringify(batch.signal === 'rows' ? batch.table.columns : batch.signal)}\n`

/** A batch as it stands in a collection: how long it is in four bytes, then itself, compressed. */
export function collectedBatch(batch: Batch): Uint8Array {
  const bytes = zstdCompressSync(batchRecords.encode!(batch), fastest)
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([length, bytes])
}

const lengthBytes = 4

/**
 * The batches in the collection at `path`, one after another. What a killed process left half written at its end, of which nobody was
 * told that it is there, is left out. Throws an Error for what is no collection, or one of a newer version.
 */
export async function* batchesIn(path: string): AsyncGenerator<Batch> {
  const file = await open(path)
  try {
    for (let at = await headerLength(file, path); ; ) {
      const length = await read(file, at, lengthBytes)
      const bytes = length && (await read(file, at + lengthBytes, length.readUInt32LE()))
      if (!bytes) return
      yield batchRecords.decode!(zstdDecompressSync(bytes))
      at += lengthBytes + bytes.length
    }
  } finally {
    await file.close()
  }
}

/** That many bytes; undefined where the file has fewer. */
async function read(file: FileHandle, position: number, length: number): Promise<Buffer | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return bytesRead === length ? buffer : undefined
}

async function headerLength(file: FileHandle, path: string): Promise<number> {
  const { size } = await file.stat()
  for (let looked = 1024; ; looked *= 2) {
    const head = (await read(file, 0, Math.min(looked, size)))!
    const end = head.indexOf('\n')
    if (!head.toString('latin1').startsWith(start.slice(0, size))) throw new Error(`${path} was not written by this version of Waybill`)
    if (end >= 0) return end + 1
    if (looked >= size) return size
  }
}
