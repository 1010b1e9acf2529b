import { type Batch, ByteWriter, type Encoder, type Rejection } from '../../core/index.ts'

/** What the messages of a format hold: how it is made, how many records go into one, and what a reader is told of it. */
export interface Body {
  /** A payload, and which records are not in it because it cannot say them. Throws for a batch of which it can say none. */
  encode(batch: Batch): { readonly body: Uint8Array; readonly rejected: readonly Rejection[] }
  readonly contentType: string
  /** `record`: a message each. `batch`: one for all that have an address and a key in common. */
  readonly per: 'record' | 'batch'
}

/** A line of JSON for each record, without its end. */
export const recordBody = (lines: Encoder<Batch>): Body => ({
  per: 'record',
  contentType: 'application/json',
  encode: (batch) => ({ body: lines.encode(batch).subarray(0, -1), rejected: [] }),
})

/** Whatever an encoder makes of records together. */
export const batchBody = (encoder: Encoder<Batch>): Body => ({
  per: 'batch',
  contentType: encoder.contentType,
  encode: (batch) => ({ body: encoder.encode(batch), rejected: [] }),
})

/** What the encoders of OTLP have. */
export interface RequestEncoder<B extends Batch> {
  readonly contentType: string
  encodeInto(writer: ByteWriter, batch: B): readonly Rejection[]
}

/** A request of OTLP. */
export const requestBody = (encoder: RequestEncoder<Exclude<Batch, { signal: 'rows' }>>): Body => ({
  per: 'batch',
  contentType: encoder.contentType,
  encode(batch) {
    if (batch.signal === 'rows') throw new TypeError('OTLP has no place for rows: use another format, or an exporter of their own')
    const writer = new ByteWriter()
    const rejected = encoder.encodeInto(writer, batch)
    return { body: writer.take(), rejected }
  },
})
