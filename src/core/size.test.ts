import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatSize, parseSize } from './size.ts'

test('numbers are bytes, text may carry a unit', () => {
  for (const [size, bytes] of [
    [512, 512],
    ['512', 512],
    ['64KiB', 65_536],
    ['100MB', 100e6],
    ['1.5 GiB', 1.5 * 2 ** 30],
    ['2tib', 2 * 2 ** 40],
    ['0', 0],
  ] as const) {
    assert.equal(parseSize(size), bytes)
  }
})

test('anything else is refused with what to write', () => {
  for (const wrong of ['', 'big', '-1MB', '5 parsecs', '1e6', -1, Number.NaN])
    assert.throws(() => parseSize(wrong), { code: 'INVALID_SIZE' })
})

test('shows three digits and a binary unit', () => {
  for (const [bytes, text] of [
    [0, '0 B'],
    [1023, '1020 B'],
    [1024, '1 KiB'],
    [1.5 * 2 ** 30, '1.5 GiB'],
    [123_456_789, '118 MiB'],
  ] as const)
    assert.equal(formatSize(bytes), text)
})
