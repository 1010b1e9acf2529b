import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { widthOf } from '../codecs/text/text-width.ts'
import { type DashboardStatus, type StatusLine, statusLine } from './status-line.ts'

const csv = { name: 'csv', delivered: 1200, pending: 3, deadLettered: 0 }
const influxdb = { name: 'influxdb', delivered: 40, pending: 30, deadLettered: 3, problem: 'connection refused' }
const line = (status: DashboardStatus, more: Partial<StatusLine> = {}, columns = 100) =>
  statusLine({ status, refreshMs: 1000, above: 0, below: 0, ...more }, columns)

test('002-32 the last line tells how the exports go, and whether the books balance', () => {
  assert.equal(line({ exports: [csv], balanced: true }, {}, 60), ' books balance  csv 1,200      ?: help  Update every 1000ms ')
})

test('what goes wrong is said before what goes well', () => {
  assert.equal(
    line({ note: 'replay of a.csv', exports: [csv, influxdb], balanced: false }, {}, 120).trimEnd(),
    ' THE BOOKS DO NOT BALANCE  replay of a.csv  influxdb 40, 30 wait, 3 in the dead letters: connection refused  csv 1,200',
  )
})

test('what is more, and how far the picture is from now', () => {
  assert.equal(line({}, { above: 2, below: 5, secondsBack: 12 }, 60).trim(), '?: help  ▲2 ▼5  12.00s back, 0: now')
  assert.equal(line({}, { below: 5 }, 35).trim(), '▼5  Update every 1000ms')
  assert.equal(line({}, { below: 5 }, 24).trim(), 'Update every 1000ms')
})

test('it is as wide as the screen, whatever it tells', () => {
  const name = fc.string({ unit: fc.constantFrom('a', ' ', '日', 'é', '😀', '\u001b', '\n', '\u0301') })
  const count = fc.nat(2_000_000)
  const one = fc.record(
    { name, delivered: count, pending: count, deadLettered: count, problem: name },
    { requiredKeys: ['name', 'delivered', 'pending', 'deadLettered'] },
  )
  const status = fc.record({ note: name, exports: fc.array(one, { maxLength: 3 }), balanced: fc.boolean() }, { requiredKeys: [] })
  fc.assert(
    fc.property(status, fc.integer({ min: 1, max: 200 }), fc.nat(3), fc.nat(3), (status, columns, above, below) => {
      const text = line(status as DashboardStatus, { above, below }, columns)
      assert.equal(widthOf(text), columns)
      assert.doesNotMatch(text, /[\u0000-\u001f]/)
    }),
  )
})
