import type { Resource, Scope } from '../attributes.ts'
import { type Batch, recordsOf, type Signal, signals, withRecords } from '../batch.ts'
import { ByteReader } from '../byte-reader.ts'
import type { ByteWriter } from '../byte-writer.ts'
import type { LogRecord } from '../log-record.ts'
import type { Dictionary } from '../record-type.ts'
import type { Table } from '../rows.ts'
import type { Span } from '../span.ts'
import { BatchDictionary } from './dictionary.ts'
import { readPoints, writePoints } from './points.ts'
import { readValue, writeValue } from './values.ts'

/**
 * A batch as bytes, from which `decodeBatch` makes the same batch again, exactly. With a dictionary the bytes hold only
 * numbers of what stands there; without one they stand for themselves.
 */
export function encodeBatch(batch: Batch, dictionary?: Dictionary): Uint8Array {
  const shared = dictionary as BatchDictionary | undefined
  const own = shared ?? new BatchDictionary()
  const { writer } = own
  writer.clear()
  writeBatch(writer, batch, own)
  if (shared) return writer.take()
  const body = writer.take()
  const definitions = own.takeAdded() ?? new Uint8Array()
  writer.clear()
  writer.varint(definitions.length)
  writer.bytes(definitions)
  writer.bytes(body)
  return writer.take()
}

/** Throws a RangeError for bytes that `encodeBatch` cannot have made. */
export function decodeBatch(bytes: Uint8Array, dictionary?: Dictionary): Batch {
  const reader = new ByteReader(bytes)
  if (dictionary) return readBatch(reader, dictionary as BatchDictionary)
  const own = new BatchDictionary()
  own.add(reader.bytes(reader.varint()))
  return readBatch(reader, own)
}

function writeBatch(writer: ByteWriter, batch: Batch, dictionary: BatchDictionary): void {
  writer.byte(signals.indexOf(batch.signal))
  if (batch.signal === 'metrics') {
    writePoints(writer, batch.points, dictionary)
    return
  }
  if (batch.signal === 'rows') writer.varint(dictionary.table(batch.table))
  const records = recordsOf(batch)
  writer.varint(records.length)
  for (const record of records)
    writeValue(writer, batch.signal === 'traces' || batch.signal === 'logs' ? numbered(record as Span, dictionary) : record)
}

function readBatch(reader: ByteReader, dictionary: BatchDictionary): Batch {
  const signal = signals[reader.byte()] as Signal | undefined
  if (signal === undefined) throw new RangeError('no signal has that number')
  if (signal === 'metrics') return { signal, points: readPoints(reader, dictionary) }
  const table = signal === 'rows' ? (dictionary.at(reader.varint()) as Table) : undefined
  const records: unknown[] = []
  for (let left = reader.varint(); left > 0; left--) {
    const record = readValue(reader)
    records.push(signal === 'traces' || signal === 'logs' ? denumbered(record as Numbered, dictionary) : record)
  }
  return withRecords({ signal, ...(table && { table }) } as Batch, records)
}

type Numbered = { readonly resource?: number; readonly scope?: number }

/** With numbers for resource and scope. */
const numbered = ({ resource, scope, ...rest }: Span | LogRecord, dictionary: BatchDictionary): object => ({
  ...rest,
  ...(resource && { resource: dictionary.resource(resource) }),
  ...(scope && { scope: dictionary.scope(scope) }),
})

const denumbered = ({ resource, scope, ...rest }: Numbered, dictionary: BatchDictionary): object => ({
  ...rest,
  ...(resource !== undefined && { resource: dictionary.at(resource) as Resource }),
  ...(scope !== undefined && { scope: dictionary.at(scope) as Scope }),
})
