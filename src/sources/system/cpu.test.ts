import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBootTime, parseCpus } from './cpu.ts'

test('ticks become milliseconds, and time of guests is not counted twice', () => {
  const cpus = parseCpus('cpu  9 9 9 9 9 9 9 9 9 9\ncpu3 10 2 5 80 4 1 2 3 7 1\n')
  assert.deepEqual([...cpus], [['3', { user: 100, nice: 20, system: 50, idle: 800, iowait: 40, interrupt: 30, steal: 30 }]])
})

test('columns that an old kernel has not are not known', () => {
  const counts = parseCpus('cpu0 10 2 5 80').get('0')
  assert.deepEqual(counts, { user: 100, nice: 20, system: 50, idle: 800, iowait: undefined, interrupt: undefined, steal: undefined })
})

test('malformed lines are left out, the others are read', () => {
  const cpus = parseCpus('cpu0 1 2 x 4\ncpuX 1 2 3 4\ncpu1\ncpu2 -1 2 3 4\n\ncpu4 1 2 3 4 5 6 7 8\ncpufreq 1 2 3 4')
  assert.deepEqual([...cpus.keys()], ['4'])
})

test('the time of boot is in whole seconds, if it is there', () => {
  assert.equal(parseBootTime('ctxt 5\nbtime 1700000000\nprocesses 3'), 1_700_000_000_000)
  assert.equal(parseBootTime('btime soon'), undefined)
  assert.equal(parseBootTime(''), undefined)
})
