import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { formatMsLocal } from './local-time.ts'

const { TZ } = process.env
after(() => {
  if (TZ === undefined) delete process.env.TZ
  else process.env.TZ = TZ
})

test('the offset is that of the time, also in the hour that comes twice', () => {
  process.env.TZ = 'Europe/Berlin'
  assert.equal(formatMsLocal(Date.UTC(2026, 7, 2, 10, 23, 0, 7)), '2026-08-02T12:23:00.007+02:00')
  assert.equal(formatMsLocal(Date.UTC(2026, 9, 25, 0, 30)), '2026-10-25T02:30:00.000+02:00')
  assert.equal(formatMsLocal(Date.UTC(2026, 9, 25, 1, 30)), '2026-10-25T02:30:00.000+01:00')
  process.env.TZ = 'America/St_Johns'
  assert.equal(formatMsLocal(0.5), '1969-12-31T20:30:00.000500-03:30')
  process.env.TZ = 'UTC'
  assert.equal(formatMsLocal(0), '1970-01-01T00:00:00.000+00:00')
})

test('every text is the instant, in zones of odd offsets too', () => {
  for (const zone of ['Europe/Amsterdam', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Africa/Monrovia']) {
    process.env.TZ = zone
    for (const ms of [-1_200_000_000_123, -40, 1_795_222_923_456]) assert.equal(Date.parse(formatMsLocal(ms)), ms, zone)
  }
  assert.equal(formatMsLocal(Number.NaN), '')
})
