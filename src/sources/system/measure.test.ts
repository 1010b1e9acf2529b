import assert from 'node:assert/strict'
import { test } from 'node:test'
import { busyShare, type Measurement, measure, perSecond, totalGrowth } from './measure.ts'
import type { Reading } from './reading.ts'

const bootTimeMs = 1000

/** Measures readings a second apart, beginning at 10 s. */
function measured(...readings: Reading[]): Measurement {
  let last: Measurement | undefined
  for (const [index, reading] of readings.entries()) {
    last = measure({ bootTimeMs, ...reading }, { timeMs: 10_000 + index * 1000, monotonicMs: index * 1000 }, last)
  }
  return last!
}
const disks = (bytes: Record<string, number>): Reading => ({
  disks: new Map(Object.entries(bytes).map(([name, readBytes]) => [name, { readBytes }])),
})
const sda = ({ disks }: Measurement) => disks.get('sda')?.readBytes

test('what was not there before has no growth', () => {
  assert.deepEqual(sda(measured(disks({ sda: 5 }))), { value: 5, startTimeMs: bootTimeMs, growth: 'first' })
  assert.equal(sda(measured(disks({ sda: 5 }), {}, disks({ sda: 7 })))?.growth, 'first')
  assert.equal(perSecond('first', 1000), undefined)
})

test('a counter that was higher has begun anew after the reading before, by reset or by a wrap at 32 bits', () => {
  const reset = measured(disks({ sda: 2 ** 32 - 1 }), disks({ sda: 4 }))
  assert.deepEqual(sda(reset), { value: 4, startTimeMs: 10_000, growth: 'reset' })
  assert.equal(perSecond('reset', 1000), undefined)
  const after = measured(disks({ sda: 50 }), disks({ sda: 4 }), disks({ sda: 10 }))
  assert.deepEqual(sda(after), { value: 10, startTimeMs: 10_000, growth: 6 })
})

test('rates are of the measured time, and there is none when no time has passed', () => {
  assert.equal(perSecond(500, 2500), 200)
  assert.equal(perSecond(500, 0), undefined)
  assert.equal(perSecond(500, undefined), undefined)
})

test('totals leave out what is apart and what has only appeared, and are not known while one begins anew', () => {
  const total = (before: Record<string, number>, now: Record<string, number>, apart?: string) =>
    totalGrowth(measured(disks(before), disks(now)).disks, 'readBytes', new Set(apart ? [apart] : []))
  assert.equal(total({ sda: 1, sdb: 1 }, { sda: 4, sdb: 6 }), 8)
  assert.equal(total({ sda: 1, sdb: 1 }, { sda: 4, sdb: 6 }, 'sdb'), 3)
  assert.equal(total({ sda: 1 }, { sda: 4, sdb: 6 }), 3)
  assert.equal(total({ sda: 1, sdb: 1 }, { sda: 4 }), 3)
  assert.equal(total({ sda: 1, sdb: 9 }, { sda: 4, sdb: 6 }), undefined)
  assert.equal(total({ sda: 1, sdb: 9 }, { sda: 4, sdb: 6 }, 'sdb'), 3)
  assert.equal(total({}, { sda: 4 }), undefined)
})

test('a CPU is busy when it is neither idle nor waiting; without any time, or after a reset, nobody knows', () => {
  const busy = (before: Record<string, number>, now: Record<string, number>) =>
    busyShare(measured({ cpus: new Map([['0', before]]) }, { cpus: new Map([['0', now]]) }).cpus.get('0')!)
  const before = { user: 50_000, system: 40_000, idle: 90_000, iowait: 10_000 }
  assert.equal(busy(before, { user: 50_300, system: 40_100, idle: 90_500, iowait: 10_100 }), 0.4)
  assert.equal(busy(before, { ...before, user: 50_500, iowait: 9990 }), 1, 'iowait has stepped back a little')
  assert.equal(busy(before, before), undefined)
  assert.equal(busy(before, { ...before, user: 10, idle: 91_000 }), undefined)
})
