import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseDuration } from './duration.ts'
import { alignWindow, formatResolution, isAligned, windowAfter } from './window.ts'

const at = (text: string, resolution: string) => {
  const { start, end } = alignWindow(Date.parse(text), parseDuration(resolution))
  return `${start.toISOString()} ${end.toISOString()}`
}

test('windows stand at multiples of their length since the epoch, weeks on Sundays', () => {
  assert.equal(at('2025-05-19T22:27:00Z', '1h'), '2025-05-19T22:00:00.000Z 2025-05-19T23:00:00.000Z')
  assert.equal(at('2025-05-19T22:00:00Z', '1h'), '2025-05-19T22:00:00.000Z 2025-05-19T23:00:00.000Z')
  assert.equal(at('2025-05-19T22:27:00Z', '1d'), '2025-05-19T00:00:00.000Z 2025-05-20T00:00:00.000Z')
  assert.equal(at('2025-05-19T22:27:00Z', '1w'), '2025-05-18T00:00:00.000Z 2025-05-25T00:00:00.000Z')
  assert.equal(at('1970-01-01T00:00:00Z', '1w'), '1969-12-28T00:00:00.000Z 1970-01-04T00:00:00.000Z')
  assert.equal(at('1970-01-01T08:00:00Z', '7h'), '1970-01-01T07:00:00.000Z 1970-01-01T14:00:00.000Z')
})

const resolutionMs = fc.oneof(
  fc.integer({ min: 1, max: 5_000_000_000 }),
  fc.constantFrom(1000, 60_000, 3_600_000, 86_400_000, 604_800_000, 1_209_600_000),
)
const atMs = fc.integer({ min: -4e12, max: 8e12 })

test('a window holds its instant, is aligned, and the next begins where it ends', () => {
  fc.assert(
    fc.property(atMs, resolutionMs, (ms, resolution) => {
      const window = alignWindow(ms, resolution)
      assert.ok(window.start.getTime() <= ms && ms < window.end.getTime())
      assert.ok(isAligned(window, resolution))
      assert.deepEqual(windowAfter(window), alignWindow(window.end.getTime(), resolution))
      if (resolution > 1) {
        assert.ok(!isAligned({ start: new Date(window.start.getTime() + 1), end: new Date(window.end.getTime() + 1) }, resolution))
        assert.ok(!isAligned({ start: window.start, end: new Date(window.end.getTime() - 1) }, resolution))
      }
    }),
  )
})

test('resolutions are named by their largest whole unit', () => {
  const names = ['1w', '2w', '10d', '1d', '25h', '1h', '90m', '10m', '9m', '1m', '90s', '1h1s', '30s', '1.5s', '500ms', 0]
  assert.deepEqual(
    names.map((name) => formatResolution(parseDuration(name))),
    ['1w', '2w', '10d', '1d', '25h', '1h', '90m', '10m', '9m0s', '1m0s', '1m30s', '1h0m1s', '30s', '1.5s', '500ms', '0s'],
  )
})

test('two resolutions never have the same name, and a name says which it is', () => {
  fc.assert(fc.property(resolutionMs, (ms) => assert.equal(Math.round(parseDuration(formatResolution(ms))), ms)))
})
