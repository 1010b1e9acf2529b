import type { RecordType } from '../core/record-type.ts'
import { parseSize } from '../core/size.ts'
import type { BufferedOptions } from './buffered-options.ts'
import { DiskQueue } from './disk/disk-queue.ts'
import { Keyring } from './disk/keyring.ts'
import { MemoryQueue } from './memory-queue.ts'
import type { Queue } from './queue.ts'

export interface QueueBounds<T> {
  readonly records: RecordType<T>
  readonly maxRecords: number
  readonly maxBytes: number
}

/** The queue of a buffer: in memory or on disk. Throws WaybillError `INVALID_OPTION` for options that it cannot be made with. */
export function queueFor<Time, T>(options: BufferedOptions<Time, T>, { records, maxRecords, maxBytes }: QueueBounds<T>): Queue<Time, T> {
  const { batchSize, account } = options
  if (options.type === 'disk') {
    const { directory: folder, durability = 'commit', compress = false, encryptionKey, oldEncryptionKeys, files, segmentBytes } = options
    const keys = new Keyring(encryptionKey, oldEncryptionKeys)
    const given = { ...(files && { files }), ...(segmentBytes !== undefined && { segmentBytes: parseSize(segmentBytes) }) }
    return new DiskQueue({ folder, records, maxBytes, durability, batchSize, account, compress, keys, ...given })
  }
  const { budget, compressBuffer, compressionThreshold = 100 } = options
  const threshold = compressBuffer ? compressionThreshold : undefined
  return new MemoryQueue({ records, maxRecords, maxBytes, budget, batchSize, account, compressionThreshold: threshold })
}
