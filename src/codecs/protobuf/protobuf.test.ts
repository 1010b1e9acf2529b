import assert from 'node:assert/strict'
import { test } from 'node:test'
import protobuf from 'protobufjs'
import { type MessageType, ProtobufDecoder, ProtobufEncoder } from './protobuf.ts'

interface Message {
  readonly message: string
  readonly count: number
}

const { root } = protobuf.parse('syntax = "proto3"; message Message { string message = 1; int32 count = 2; }')
const type = root.lookupType('Message') as unknown as MessageType<Message>
const encoder = new ProtobufEncoder(type)

test('000-10 a message is written and read by its type', () => {
  assert.deepEqual([encoder.extension, encoder.contentType], ['binpb', 'application/x-protobuf'])
  const bytes = encoder.encode({ message: 'hi', count: 150 })
  assert.equal(Buffer.from(bytes).toString('hex'), '0a026869109601')
  assert.deepEqual({ ...new ProtobufDecoder(type).decode(bytes) }, { message: 'hi', count: 150 })
})

test('what is no such message is refused, written or read', () => {
  assert.throws(() => encoder.encode({ message: 7 as never, count: 1 }), {
    name: 'TypeError',
    message: /not a message of that type: message/,
  })
  assert.throws(() => new ProtobufDecoder(type).decode(Uint8Array.of(0x0a, 5, 0x68)))
})

test('a type without verify will do', () => {
  const bare: MessageType<string> = {
    encode: (text) => ({ finish: () => Buffer.from(text) }),
    decode: (bytes) => Buffer.from(bytes).toString(),
  }
  assert.equal(new ProtobufDecoder(bare).decode(new ProtobufEncoder(bare).encode('text')), 'text')
})
