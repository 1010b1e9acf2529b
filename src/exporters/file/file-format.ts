import { CsvEncoder } from '../../codecs/csv/csv.ts'
import { JsonLinesEncoder } from '../../codecs/jsonl/jsonl.ts'
import { type ParquetOptions, unfit } from '../../codecs/parquet/parquet.ts'
import { type Batch, type ByteWriter, type DeadLetter, type Rejection, recordsOf, toError, withRecords } from '../../sdk.ts'
import { AppendFile } from './append-file.ts'
import { CollectedFile, finishCollections, type LeftBehind } from './collected-file.ts'
import { collectedBatch, collectionHeader } from './collection.ts'
import type { Extension } from './filename-template.ts'
import type { OpensFiles } from './rotating-files.ts'

/** How batches become files. */
export interface FileFormat {
  readonly extension: Extension
  /** How a file is begun. */
  readonly open: OpensFiles
  /** What a file of such batches begins with; empty for nothing. */
  header(batch: Batch): string
  /** Makes whole files of what earlier runs left unfinished, where files are not whole at every moment. */
  finishLeft?(left: LeftBehind): Promise<void>
  /** Adds the records in their order; the rejections name those that cannot be said. */
  write(writer: ByteWriter, batch: Batch): readonly Rejection[]
}

/** Any one record, as a batch of its signal holds it. */
export type AnyRecord = ReturnType<typeof recordsOf>[number]

/** What is to stand in the file for a record: anything that JSON.stringify can say. */
export type Serializer = (record: AnyRecord, batch: Batch) => unknown

const encoder = new JsonLinesEncoder()
const csvEncoder = new CsvEncoder()

export const jsonLines: FileFormat = {
  extension: 'jsonl',
  open: AppendFile.create,
  header: () => '',
  write: (writer, batch) => {
    encoder.encodeInto(writer, batch)
    return []
  },
}

export const csv: FileFormat = {
  extension: 'csv',
  open: AppendFile.create,
  header: (batch) => csvEncoder.header(batch),
  write: (writer, batch) => {
    csvEncoder.encodeInto(writer, batch)
    return []
  },
}

/** Parquet, of which nothing can be read before a file is finished. Records that it cannot hold are rejected, the others collected. */
export function parquet(options: ParquetOptions): FileFormat {
  return {
    extension: 'parquet',
    open: (paths, openedMs) => CollectedFile.create(paths, openedMs, options),
    finishLeft: (left) => finishCollections(left, options),
    header: collectionHeader,
    write: (writer, batch) => {
      const rejected = unfit(batch)
      const indexes = new Set(rejected.map(({ index }) => index))
      const records = indexes.size === 0 ? recordsOf(batch) : recordsOf(batch).filter((_, index) => !indexes.has(index))
      if (records.length > 0) writer.bytes(collectedBatch(withRecords(batch, records)))
      return rejected
    },
  }
}

/** JSON lines of what `serializer` makes of each record. A record for which it throws, or makes nothing of, is rejected. */
export function serialized(serializer: Serializer): FileFormat {
  return {
    extension: 'jsonl',
    open: AppendFile.create,
    header: () => '',
    write: (writer, batch) =>
      recordsOf(batch).flatMap((record, index) => {
        try {
          const text = JSON.stringify(serializer(record, batch))
          if (text === undefined) throw new TypeError('the serializer made nothing of the record')
          writer.text(`${text}\n`)
          return []
        } catch (thrown) {
          return [{ index, error: toError(thrown) }]
        }
      }),
  }
}

/** JSON lines of records with the reason why they could not be delivered: what a replay starts from. */
export function deadLetters(letter: DeadLetter, nowMs: number): FileFormat {
  const deadLetter = {
    at: new Date(nowMs).toISOString(),
    exporter: letter.exporter,
    reason: letter.reason,
    error: letter.error.message,
    attempts: letter.attempts,
    firstAcceptedAt: new Date(letter.firstAcceptedMs).toISOString(),
  }
  return {
    extension: 'jsonl',
    open: AppendFile.create,
    header: () => '',
    write: (writer, batch) => {
      const { signal } = batch
      const fields = JSON.stringify({ deadLetter, signal, ...(signal === 'rows' && { table: batch.table.name }) })
      for (const line of encoder.lines(batch)) writer.text(`${fields.slice(0, -1)},"record":${line}}\n`)
      return []
    },
  }
}
