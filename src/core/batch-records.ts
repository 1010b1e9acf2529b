import { type Batch, type RowsBatch, recordsOf, type Signal, withRecords } from './batch.ts'
import { decodeBatch, encodeBatch } from './batch-codec/batch-codec.ts'
import { BatchDictionary } from './batch-codec/dictionary.ts'
import type { RecordType } from './record-type.ts'

/** About what one record of each signal weighs in memory, in bytes, its series or strings shared. */
const recordBytes: Readonly<Record<Signal, number>> = { metrics: 96, traces: 1024, logs: 512, alerts: 1024, rows: 512 }

/** A batch as exporters that hold others see it. */
export const batchRecords: RecordType<Batch> = {
  count: (batch) => recordsOf(batch).length,
  slice: (batch, indexes) => {
    const records = recordsOf(batch)
    return withRecords(
      batch,
      indexes.map((index) => records[index]!),
    )
  },
  compatible: (a, b) => a.signal === b.signal && (a.signal !== 'rows' || a.table === (b as RowsBatch).table),
  concat: (batches) =>
    withRecords(
      batches[0]!,
      batches.flatMap((batch) => recordsOf(batch) as readonly unknown[]),
    ),
  bytes: (batch) => recordsOf(batch).length * recordBytes[batch.signal] + 64,
  dictionary: () => new BatchDictionary(),
  encode: encodeBatch,
  decode: decodeBatch,
}
