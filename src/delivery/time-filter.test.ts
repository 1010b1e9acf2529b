import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TimeFilter, timeFilter } from './time-filter.ts'

// 5 January 2026 is a Monday.
const utc = (day: number, hour: number, minute = 0) => new Date(Date.UTC(2026, 0, day, hour, minute))
const passing = (filter: TimeFilter, ...times: Date[]) => times.map(timeFilter(filter))

test('003-66 F18 hours of the day: the beginning belongs to them, the end does not', () => {
  const times = [utc(5, 7, 59), utc(5, 8), utc(5, 17, 59), utc(5, 18)]
  assert.deepEqual(passing({ from: '08:00', to: '18:00' }, ...times), [false, true, true, false])
  assert.deepEqual(passing({ from: '08:00' }, ...times), [false, true, true, true])
  assert.deepEqual(passing({}, ...times), [true, true, true, true])
})

test('weekdays alone', () => {
  const weekend: TimeFilter = { weekdays: ['sat', 'sun'] }
  assert.deepEqual(passing(weekend, utc(9, 23), utc(10, 0), utc(11, 23, 59), utc(12, 0)), [false, true, true, false])
})

test('hours over midnight belong to the day on which they begin', () => {
  const friday: TimeFilter = { from: '22:00', to: '06:00', weekdays: ['fri'] }
  assert.deepEqual(passing(friday, utc(9, 5), utc(9, 21, 59), utc(9, 22), utc(10, 5, 59), utc(10, 6), utc(10, 22)), [
    false,
    false,
    true,
    true,
    false,
    false,
  ])
  assert.deepEqual(passing({ from: '06:00', to: '06:00' }, utc(9, 5, 59), utc(9, 6)), [true, true])
})

test("the clock of the process's time zone, when it is asked for", () => {
  const local = (hour: number) => new Date(2026, 0, 5, hour)
  assert.deepEqual(passing({ from: '08:00', to: '09:00', weekdays: ['mon'], zone: 'local' }, local(7), local(8), local(9)), [
    false,
    true,
    false,
  ])
})

test('what is no time, weekday or zone is refused', () => {
  for (const from of ['8:00', '24:01', '12:60', 'noon'])
    assert.throws(() => timeFilter({ from }), { code: 'INVALID_OPTION', message: /time of day/ })
  assert.throws(() => timeFilter({ weekdays: ['someday' as never] }), { code: 'INVALID_OPTION', message: /weekday/ })
  assert.throws(() => timeFilter({ weekdays: [] }), { code: 'INVALID_OPTION', message: /no list of days/ })
  assert.throws(() => timeFilter({ weekdays: 'mon' as never }), { code: 'INVALID_OPTION', message: /no list of days/ })
  assert.throws(() => timeFilter({ start: '08:00' }), { code: 'INVALID_OPTION', hint: 'known are from, to, weekdays, zone' })
  assert.throws(() => timeFilter({ zone: 'mars' as never }), { code: 'INVALID_OPTION', message: /zone/ })
})
