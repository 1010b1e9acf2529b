import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { stepsOf } from './steps.ts'
import { parseWindow } from './window.ts'

/** A Saturday. */
const nowMs = Date.UTC(2026, 10, 21, 5, 38, 50, 250)
const spanOf = (text: string, at = nowMs) => {
  const { start, end, query } = parseWindow(text, at)
  return [start.toISOString().replace('.000', ''), end.toISOString().replace('.000', ''), query]
}

test('001-05 windows that OpenCost takes are asked for as they are, and span what it makes of them', () => {
  const spans: [text: string, start: string, end: string][] = [
    ['30m', '2026-11-21T05:09:00Z', '2026-11-21T05:39:00Z'],
    ['1h', '2026-11-21T05:00:00Z', '2026-11-21T06:00:00Z'],
    ['24h', '2026-11-20T06:00:00Z', '2026-11-21T06:00:00Z'],
    ['7d', '2026-11-15T00:00:00Z', '2026-11-22T00:00:00Z'],
    ['1w', '2026-11-15T00:00:00Z', '2026-11-22T00:00:00Z'],
    ['today', '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'],
    ['yesterday', '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z'],
    ['week', '2026-11-15T00:00:00Z', '2026-11-21T05:38:50Z'],
    ['lastweek', '2026-11-08T00:00:00Z', '2026-11-15T00:00:00Z'],
    ['month', '2026-11-01T00:00:00Z', '2026-11-21T05:38:50Z'],
    ['lastmonth', '2026-10-01T00:00:00Z', '2026-11-01T00:00:00Z'],
    ['1d offset 2h', '2026-11-20T03:38:50Z', '2026-11-21T03:38:50Z'],
    ['1586822400,1586908800', '2020-04-14T00:00:00Z', '2020-04-15T00:00:00Z'],
    ['1586822400-1586908800', '2020-04-14T00:00:00Z', '2020-04-15T00:00:00Z'],
    ['2020-04-01T00:00:00Z,2020-04-03T00:00:00Z', '2020-04-01T00:00:00Z', '2020-04-03T00:00:00Z'],
  ]
  for (const [text, start, end] of spans) assert.deepEqual(spanOf(text), [start, end, text])
})

test('001-05 windows that OpenCost does not take are asked for by their start and end', () => {
  const spans: [text: string, start: string, end: string][] = [
    ['30s', '2026-11-21T05:38:20Z', '2026-11-21T05:38:50Z'],
    ['1h30m', '2026-11-21T04:08:50Z', '2026-11-21T05:38:50Z'],
    ['1d12h', '2026-11-19T17:38:50Z', '2026-11-21T05:38:50Z'],
    ['2h1h', '2026-11-21T02:38:50Z', '2026-11-21T05:38:50Z'],
    ['year', '2026-01-01T00:00:00Z', '2026-11-21T05:38:50Z'],
    // An offset in weeks is where OpenCost errs.
    ['1d offset 1w', '2026-11-13T05:38:50Z', '2026-11-14T05:38:50Z'],
    ['2020-04-01T02:00:00+02:00,2020-04-03T00:00:00.5Z', '2020-04-01T00:00:00Z', '2020-04-03T00:00:00.500Z'],
  ]
  for (const [text, start, end] of spans) {
    const [from, to, query] = spanOf(text)
    assert.deepEqual([from, to], [start, end])
    assert.equal(query, `${start},${end.replace('.500', '')}`)
  }
})

test('case and white space around do not matter', () => {
  assert.deepEqual(spanOf(' Today\n'), spanOf('today'))
  assert.deepEqual(spanOf('24H'), spanOf('24h'))
  assert.deepEqual(spanOf('2020-04-01t00:00:00z,2020-04-03T00:00:00Z'), spanOf('2020-04-01T00:00:00Z,2020-04-03T00:00:00Z'))
})

test('a name for what has only just begun is no empty window', () => {
  for (const text of ['week', 'month', 'year']) {
    const { start, end } = parseWindow(text, Date.UTC(2023, 0, 1))
    assert.equal(end.getTime() - start.getTime(), 1000, text)
  }
})

test('001-34 anything else is refused, with the forms there are', () => {
  const wrong = ['', '1y', 'h', '0h', '0m', '1.5h', '-1h', '١h', '1h 30m', 'tomorrow', '1h,2h', '5,4', '4,4', '99999999d']
  const times = ['2020-02-30T00:00:00Z,2020-03-03T00:00:00Z', '2020-04-03T00:00:00Z,2020-04-01T00:00:00Z', '2020-04-01,2020-04-02', '1,2,3']
  for (const text of [...wrong, ...times])
    assert.throws(() => parseWindow(text, nowMs), { code: 'INVALID_OPTION', hint: /today.*1h30m.*offset.*2026-01-01T00:00:00Z/ }, text)
})

const instant = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) })

test('a window is never empty, holds what its query says, and its query is a window of its own', () => {
  const unit = fc.constantFrom('s', 'm', 'h', 'd', 'w')
  const length = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 99 }), unit), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.flat().join(''))
  const names = fc.constantFrom('today', 'yesterday', 'week', 'lastweek', 'month', 'lastmonth', 'year')
  const window = fc.oneof(
    names,
    length,
    fc.tuple(length, length).map(([long, back]) => `${long} offset ${back}`),
  )
  fc.assert(
    fc.property(window, instant, (text, at) => {
      const { start, end, query } = parseWindow(text, at)
      assert.ok(start < end)
      assert.deepEqual(parseWindow(query, at), { start, end, query })
    }),
  )
})

test('any text is a window or refused', () => {
  const piece = fc.constantFrom('today', '1', '30', 'h', 'm', 's', ',', '-', 'offset', ' ', 'T', 'Z', ':', '2026-01-01T00:00:00Z', '+01:00')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
      ),
      instant,
      (text, at) => {
        try {
          const { start, end } = parseWindow(text, at)
          assert.ok(start < end)
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'INVALID_OPTION')
        }
      },
    ),
  )
})

test('steps are the window in order, without gaps, and none is wholly to come', () => {
  const hour = 3_600_000
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: -500, max: 500 }),
      (hours, step, ahead) => {
        const endMs = Math.floor(nowMs / 1000) * 1000
        const window = parseWindow(`${endMs / 1000 - hours * 3600},${endMs / 1000}`, nowMs)
        const steps = stepsOf(window, step * hour, endMs - ahead * hour)
        assert.equal(steps[0]!.start.getTime(), window.start.getTime())
        for (const [index, { start, end, query }] of steps.entries()) {
          assert.ok(end.getTime() - start.getTime() <= step * hour)
          if (index > 0) assert.deepEqual(start, steps[index - 1]!.end)
          assert.deepEqual(parseWindow(query, nowMs).start, start)
        }
        const reached = steps.at(-1)!.end.getTime()
        assert.ok(reached === endMs || (ahead > 0 && reached >= Math.min(endMs, endMs - ahead * hour)))
        assert.equal(steps.length, new Set(steps.map(({ query }) => query)).size)
      },
    ),
  )
})

test('a step that is too short or makes too many is refused', () => {
  const window = parseWindow('year', nowMs)
  assert.throws(() => stepsOf(window, 999, nowMs), { code: 'INVALID_OPTION', message: /at least a second/ })
  assert.throws(() => stepsOf(window, 60_000, nowMs), { code: 'INVALID_OPTION', message: /466,899 steps/ })
  assert.deepEqual(stepsOf(window, undefined, nowMs), [window])
})
