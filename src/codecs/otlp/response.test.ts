import assert from 'node:assert/strict'
import { test } from 'node:test'
import protobuf from 'protobufjs'
import { officialResponse } from './official.fixture.ts'
import { decodeResponse, type OtlpSignal, retryDelayMs } from './otlp.ts'

const fields: Readonly<Record<OtlpSignal, string>> = { metrics: 'rejectedDataPoints', traces: 'rejectedSpans', logs: 'rejectedLogRecords' }

for (const [signal, field] of Object.entries(fields) as [OtlpSignal, string][])
  test(`${signal}: how many records were refused, in both forms`, () => {
    const response = { partialSuccess: { [field]: 3, errorMessage: 'too old' } }
    const expected = { rejected: 3, message: 'too old' }
    assert.deepEqual(decodeResponse(signal, officialResponse(signal, response), 'protobuf'), expected)
    assert.deepEqual(decodeResponse(signal, Buffer.from(JSON.stringify(response)), 'json'), expected)
    const text = JSON.stringify({ partialSuccess: { ...response.partialSuccess, [field]: '3' } })
    assert.deepEqual(decodeResponse(signal, Buffer.from(text), 'json'), expected)
  })

test('a full success, and one with a warning', () => {
  for (const form of ['protobuf', 'json'] as const)
    assert.deepEqual(decodeResponse('logs', new Uint8Array(), form), { rejected: 0, message: '' })
  assert.deepEqual(decodeResponse('logs', Buffer.from('{}'), 'json'), { rejected: 0, message: '' })
  const warned = { partialSuccess: { errorMessage: 'deprecated' } }
  assert.deepEqual(decodeResponse('logs', officialResponse('logs', warned), 'protobuf'), { rejected: 0, message: 'deprecated' })
  assert.deepEqual(decodeResponse('logs', Buffer.from(JSON.stringify(warned)), 'json'), { rejected: 0, message: 'deprecated' })
})

test('an answer that is none', () => {
  assert.throws(() => decodeResponse('logs', Buffer.from('<html>'), 'protobuf'), /not a message of OTLP/)
  assert.throws(() => decodeResponse('logs', Buffer.from('<html>'), 'json'), SyntaxError)
})

test('how long to leave a server alone, among the details of its status', () => {
  const { root } = protobuf.parse(`syntax = "proto3";
    message Any { string type_url = 1; bytes value = 2; }
    message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
    message Duration { int64 seconds = 1; int32 nanos = 2; }
    message RetryInfo { Duration retry_delay = 1; }`)
  const encode = (type: string, message: object) => root.lookupType(type).encode(message).finish()
  const status = (details: object[]) => encode('Status', { code: 14, message: 'busy', details })
  const other = { type_url: 'type.googleapis.com/google.rpc.DebugInfo', value: Buffer.from([1, 2]) }
  const info = (delay: object) => ({
    type_url: 'type.googleapis.com/google.rpc.RetryInfo',
    value: encode('RetryInfo', { retryDelay: delay }),
  })
  assert.equal(retryDelayMs(status([{ typeUrl: other.type_url, value: other.value }])), undefined)
  const detail = ({ type_url, value }: { type_url: string; value: Uint8Array }) => ({ typeUrl: type_url, value })
  assert.equal(retryDelayMs(status([detail(other), detail(info({ seconds: 5, nanos: 250_000_000 }))])), 5250)
  assert.equal(retryDelayMs(status([detail(info({ seconds: -1 }))])), 0)
  assert.throws(() => retryDelayMs(Buffer.from('ff', 'hex')))
})
