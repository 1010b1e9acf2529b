import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Describe, series } from '../../core/index.ts'
import { familyOf, mismatch } from './family.ts'
import { FamilyNames } from './family-names.ts'

const nameOf = (name: string, describe: Describe = {}, prefix = '') => familyOf(series(name, {}, describe), prefix)?.name

test('names get the word of their unit, unless they end in it', () => {
  const names: [string, Describe, string][] = [
    ['system.cpu.utilization', { unit: '1' }, 'system_cpu_utilization_ratio'],
    ['requests.active', { kind: 'counter', monotonic: false, unit: '1' }, 'requests_active'],
    ['http.duration', { kind: 'histogram', unit: 's' }, 'http_duration_seconds'],
    ['disk.io', { kind: 'counter', unit: 'By' }, 'disk_io_bytes'],
    ['disk.read', { unit: 'By/s' }, 'disk_read_bytes_per_second'],
    ['packets', { kind: 'counter', unit: '{packet}' }, 'packets'],
    ['packets', { unit: '{packet}/min' }, 'packets_per_minute'],
    ['gc.seconds', { unit: 's' }, 'gc_seconds'],
    ['seconds', { unit: 's' }, 'seconds'],
    ['light', { unit: 'kcd.sr-1' }, 'light_kcd_sr_1'],
    ['waits', { unit: 'ms' }, 'waits_milliseconds'],
  ]
  for (const [name, describe, expected] of names) assert.equal(nameOf(name, describe), expected)
})

test('what a name cannot have becomes one underscore; nothing is left of some', () => {
  assert.equal(nameOf('(lambda).executions--(#)'), 'lambda_executions')
  assert.equal(nameOf('température'), 'temp_rature')
  assert.equal(nameOf('1st.load'), '_1st_load')
  assert.equal(nameOf('job:rate5m:sum'), 'job:rate5m:sum')
  assert.equal(nameOf(''), undefined)
  assert.equal(nameOf('日本'), undefined)
})

test('what Prometheus could have keeps every letter', () => {
  assert.equal(nameOf('a__b_'), 'a__b_')
  assert.equal(nameOf('kubelet_running_pod_count'), 'kubelet_running_pod_count')
})

test('other gauges do not look like samples of counters and histograms', () => {
  assert.equal(nameOf('system.cpu.logical.count', { unit: '{cpu}' }), 'system_cpu_logical_count_value')
  assert.equal(nameOf('gpu.total'), 'gpu_total_value')
  assert.equal(nameOf('gpu.total', { unit: 'By' }), 'gpu_total_bytes')
})

test('the family of a counter is named without _total', () => {
  assert.equal(nameOf('requests_total', { kind: 'counter' }), 'requests')
  assert.equal(nameOf('io.total', { kind: 'counter', unit: 'By' }), 'io_bytes')
  assert.equal(nameOf('_total', { kind: 'counter' }), '_total')
})

test('a prefix comes first, with one underscore', () => {
  assert.equal(nameOf('cpu.load', {}, 'waybill'), 'waybill_cpu_load')
  assert.equal(nameOf('1st', {}, 'waybill_'), 'waybill_1st')
})

test('help falls back on the name, the unit is told where the name ends in it', () => {
  assert.deepEqual(familyOf(series('a.b', {}, { unit: 's' })), { name: 'a_b_seconds', type: 'gauge', unit: 'seconds', help: 'a.b' })
  assert.deepEqual(familyOf(series('helped', {}, { help: 'Told.' })), { name: 'helped', type: 'gauge', unit: '', help: 'Told.' })
})

test('values are of the form that their type has', () => {
  assert.equal(mismatch('gauge', 1), undefined)
  assert.equal(mismatch('histogram', { count: 0, bounds: [], counts: [0] }), undefined)
  assert.match(mismatch('counter', { count: 0, sum: 0, quantiles: [] })!.message, /counter is a number, not a summary/)
  assert.match(mismatch('summary', 1)!.message, /summary is a summary, not a number/)
})

test('names are taken together or not at all, until each that took them has let go', () => {
  const names = new FamilyNames()
  const family = (name: string, kind: Describe['kind'] & string) => familyOf(series(name, {}, { kind }))!
  assert.equal(names.take(family('a', 'summary')), undefined)
  assert.equal(names.take(family('a', 'summary')), undefined)
  assert.match(names.take(family('a_count', 'gauge'))!.message, /gauge a_count cannot be exposed beside the summary a: both have a_count/)
  assert.match(names.take(family('a', 'gauge'))!.message, /both have a$/)
  names.release(family('a', 'summary'))
  assert.notEqual(names.take(family('a', 'counter')), undefined)
  names.release(family('a', 'summary'))
  assert.equal(names.take(family('a', 'counter')), undefined)
  assert.notEqual(names.take(family('a_total', 'gauge')), undefined)
})
