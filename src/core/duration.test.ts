import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatDuration, parseDuration } from './duration.ts'

test('numbers are milliseconds, text carries its unit', () => {
  for (const [text, ms] of [
    [1500, 1500],
    ['500ms', 500],
    ['1.5s', 1500],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['7d', 604_800_000],
    ['1w', 604_800_000],
    [' 5s ', 5000],
  ] as const) {
    assert.equal(parseDuration(text), ms)
  }
})

test('anything else is refused with what to write', () => {
  for (const wrong of ['', 'soon', '10', '-5s', '5 s', '5s!', 's', -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => parseDuration(wrong), { code: 'INVALID_DURATION' })
  }
})

test('shows at most two units', () => {
  for (const [ms, text] of [
    [0, '0ms'],
    [999, '999ms'],
    [1500, '1.5s'],
    [60_000, '1m'],
    [90_000, '1m30s'],
    [5_400_000, '1h30m'],
    [86_400_000, '1d'],
    [90_000_000, '1d1h'],
  ] as const) {
    assert.equal(formatDuration(ms), text)
  }
})

test('what is shown reads back as about the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 10 }), (ms) => {
      const back = parseDuration(formatDuration(ms))
      assert.ok(Math.abs(back - ms) <= Math.max(50, ms * 0.05), `${ms} → ${formatDuration(ms)} → ${back}`)
    }),
  )
})
