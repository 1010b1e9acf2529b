import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { metrics, recordsOf } from '../../core/index.ts'
import { comparable, officialBytes, officialRequest } from './official.fixture.ts'
import { type OtlpBatch, OtlpJsonDecoder, OtlpJsonEncoder, OtlpProtobufDecoder, OtlpProtobufEncoder, type OtlpSignal } from './otlp.ts'
import { someLogRecord, somePoint, someSpan, texts } from './records.fixture.ts'

const protobuf = new OtlpProtobufEncoder()
const json = new OtlpJsonEncoder()
const jsonOf = (batch: OtlpBatch) => JSON.parse(Buffer.from(json.encode(batch)).toString())

const batches: readonly (readonly [OtlpSignal, fc.Arbitrary<OtlpBatch>])[] = [
  ['metrics', fc.array(somePoint, { maxLength: 8 }).map(metrics)],
  ['traces', fc.array(someSpan, { maxLength: 4 }).map((spans) => ({ signal: 'traces', spans }))],
  ['logs', fc.array(someLogRecord, { maxLength: 4 }).map((records) => ({ signal: 'logs', records }))],
]

for (const [signal, someBatch] of batches) {
  test(`${signal}: the official decoder reads the same of the binary form as stands in the JSON form`, () => {
    fc.assert(
      fc.property(someBatch, (batch) => {
        assert.deepEqual(comparable(officialRequest(signal, protobuf.encode(batch))), comparable(jsonOf(batch)))
      }),
    )
  })

  test(`${signal}: both decoders give back what was encoded`, () => {
    const decoders = [
      [protobuf, new OtlpProtobufDecoder(signal)],
      [json, new OtlpJsonDecoder(signal)],
    ] as const
    fc.assert(
      fc.property(someBatch, (batch) => {
        for (const [encoder, decoder] of decoders)
          assert.deepEqual(texts(recordsOf(decoder.decode(encoder.encode(batch)))), texts(recordsOf(batch)))
      }),
    )
  })

  test(`${signal}: what the official encoder writes is read the same`, () => {
    fc.assert(
      fc.property(someBatch, (batch) => {
        const bytes = officialBytes(signal, forEncoder(jsonOf(batch)) as object)
        assert.deepEqual(texts(recordsOf(new OtlpProtobufDecoder(signal).decode(bytes))), texts(recordsOf(batch)))
      }),
    )
  })
}

/** As protobufjs takes it: ids in base64, and every number a number. */
function forEncoder(value: unknown, field = ''): unknown {
  if (Array.isArray(value)) return value.map((element) => forEncoder(element, field))
  if (typeof value === 'string') {
    if (/^(trace|span|parentSpan)Id$/.test(field)) return Buffer.from(value, 'hex').toString('base64')
    return doubles.has(field) ? Number(value) : value
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, forEncoder(inner, name)]))
}

const doubles = new Set(['asDouble', 'doubleValue', 'sum', 'min', 'max', 'explicitBounds', 'quantile', 'value', 'zeroThreshold'])
