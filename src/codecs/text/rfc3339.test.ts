import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatMs, formatNs } from './rfc3339.ts'

const times: readonly (readonly [timeMs: number, text: string])[] = [
  [0, '1970-01-01T00:00:00.000Z'],
  [1795222923456, '2026-11-21T01:02:03.456Z'],
  [1795222923456.789, '2026-11-21T01:02:03.456789Z'],
  [1795222923456.001, '2026-11-21T01:02:03.456001Z'],
  [0.9996, '1970-01-01T00:00:00.001Z'],
  [-0.001, '1969-12-31T23:59:59.999999Z'],
  [Number.NaN, ''],
  [9e15, ''],
]

test('milliseconds have three digits, six where there is a fraction', () => {
  for (const [timeMs, text] of times) assert.equal(formatMs(timeMs), text)
})

test('every microsecond and every nanosecond is written exactly', () => {
  const seconds = fc.bigInt({ min: -2_000_000_000n, max: 8_796_093_021n })
  fc.assert(
    fc.property(seconds, fc.bigInt({ min: 0n, max: 999_999_999n }), (second, nano) => {
      const whole = new Date(Number(second) * 1000).toISOString().slice(0, -'.000Z'.length)
      assert.equal(formatNs(second * 1_000_000_000n + nano), `${whole}.${String(nano).padStart(9, '0')}Z`)
      const micro = nano / 1000n
      const text = `${whole}.${String(micro).padStart(6, '0')}Z`
      assert.equal(formatMs(Number(second * 1_000_000n + micro) / 1000), micro % 1000n === 0n ? text.replace(/000Z$/, 'Z') : text)
    }),
  )
  assert.equal(formatNs(2n ** 80n), '')
})
