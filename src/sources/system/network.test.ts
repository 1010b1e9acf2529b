import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseNetDev } from './network.ts'

test('both directions are read, with and without a space after the name, and not the two lines above', () => {
  const heads = 'Inter-|   Receive  |  Transmit\n face |bytes    packets errs drop\n'
  const counts = '10 1 2 3 0 0 0 0 20 4 5 6 0 0 0 0'
  const expected = { receivedBytes: 10, transmittedBytes: 20, receiveErrors: 2, transmitErrors: 5, receiveDropped: 3, transmitDropped: 6 }
  assert.deepEqual(Object.fromEntries(parseNetDev(`${heads}  eth0:${counts}\n    lo: ${counts}\n eth0:1: ${counts}`)), {
    eth0: expected,
    lo: expected,
    'eth0:1': expected,
  })
})

test('malformed lines are left out', () => {
  assert.equal(parseNetDev('eth0: 1 2 3\n: 1 2 3 4 5 6 7 8 9 10 11 12\nlo: a b c d e f g h i\n').size, 0)
})
