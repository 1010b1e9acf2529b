/** What a `BufferedExporter` is made with: what both kinds have in common, then what only one of them has. */
import type { Account } from '../core/account.ts'
import type { Duration } from '../core/duration.ts'
import type { Exporter } from '../core/exporter.ts'
import type { RecordType } from '../core/record-type.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Size } from '../core/size.ts'
import type { FileLayer } from './disk/file-layer.ts'
import type { EncryptionKey } from './disk/keyring.ts'
import type { Durability } from './disk/segment-writer.ts'
import type { FlushTimingOptions } from './flush-timing.ts'
import type { MemoryBudget } from './memory-budget.ts'

interface CommonOptions<Time, T> extends FlushTimingOptions {
  /** At this many records it is full. Default 1,000,000 in memory, no bound on disk. */
  readonly maxRecords?: number
  /** At about this much it is full, of memory or of files. Default 64 MiB in memory, 1 GiB on disk. */
  readonly maxBytes?: Size
  /** What has waited for longer goes to the dead letters, `expired`. Default: nothing does. */
  readonly maxAge?: Duration
  /** When it is full: refuse the newest (the default), or drop the oldest, which the account counts as `overflow`. */
  readonly overflow?: 'refuse' | 'drop_oldest'
  /** Puts what waits together up to this many records an export, and delivers before `flushInterval` is over when they are there. */
  readonly batchSize?: number
  /**
   * At most so many exports run at once, as many as the destination bears; it is found out by how long they take and whether they
   * fail. Default 1: in order. With more, what was put later may arrive first.
   */
  readonly concurrency?: number
  /** Records a second, at most, while it delivers what an outage or a restart has left. Default: no bound. */
  readonly maxDrainRate?: number
  /** Deliver what is left when it is stopped (the default), or leave that: on disk for the next start, in memory for the dead letters. */
  readonly flushOnShutdown?: boolean
  /** How long to wait after the nth failure in a row. Default: full jitter, doubling from 1 s to 30 s. */
  readonly pace?: Schedule
  readonly records?: RecordType<T>
  /** Takes what the destination never will, and what a stop leaves over in memory. Started and stopped by whoever made it. */
  readonly deadLetter?: Exporter<Time, T>
  /** Kept by the buffer, since it knows when records are accepted and when they are settled. */
  readonly account?: Account
}

export interface MemoryBufferOptions<Time, T> extends CommonOptions<Time, T> {
  readonly type?: 'memory'
  /** A bound that it shares with other buffers. */
  readonly budget?: MemoryBudget
  /** Compress what waits for longer: what comes while more than `compressionThreshold` records wait. Default false. */
  readonly compressBuffer?: boolean
  /** Default 100. */
  readonly compressionThreshold?: number
}

export interface DiskBufferOptions<Time, T> extends CommonOptions<Time, T> {
  readonly type: 'disk'
  /** Its own, made where it is missing. */
  readonly directory: string
  /** What `ok` promises: on the device (`commit`, the default), with the operating system and on the device within a second, or only the former. */
  readonly durability?: Durability
  /** Compress files that are full while they wait. Default false. */
  readonly compress?: boolean
  /** Encrypts what is put from now on: 32 bytes, as 64 hex digits or in base64. Default: nothing is encrypted. */
  readonly encryptionKey?: EncryptionKey
  /** Keys of before, with which what they encrypted is still read. */
  readonly oldEncryptionKeys?: readonly EncryptionKey[]
  /** The file system, for tests. */
  readonly files?: FileLayer
  /** A new file is begun when one is this long. Default: an eighth of `maxBytes`, 64 KiB to 16 MiB. */
  readonly segmentBytes?: Size
}

export type BufferedOptions<Time, T> = MemoryBufferOptions<Time, T> | DiskBufferOptions<Time, T>

export interface BufferStats {
  readonly records: number
  readonly bytes: number
  /** Of the bound that is nearer, 0 to 100. */
  readonly usagePercent: number
  /** Mean time of an export; 0 before the first. */
  readonly avgFlushTimeMs: number
  readonly droppedCount: number
  /** How long data waits for more now. */
  readonly flushIntervalMs: number
}
