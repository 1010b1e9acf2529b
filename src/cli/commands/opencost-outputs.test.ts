import assert from 'node:assert/strict'
import { test } from 'node:test'
import { destinationsOf, type OutputOptions } from './opencost-outputs.ts'

const levels = { allocations: 'pod', assets: 'type' } as const
const nowMs = Date.UTC(2026, 10, 21, 5, 38, 50)
const to = (options: Partial<OutputOptions>) =>
  destinationsOf({ window: '1h', ...options }, levels, nowMs, 'json').map(({ type, to, kind }) => [type, to, kind] as const)

test('001-03 001-15 both go to files with names of their own by default', () => {
  assert.deepEqual(to({ window: '1h offset 2h', filterTypes: 'Disk,../x' }), [
    ['allocation', 'opencost_live_pod_1h-offset-2h_20261121_053850.json', 'new-file'],
    ['assets', 'opencost_assets_type_1h-offset-2h_Disk_..-x_20261121_053850.json', 'new-file'],
  ])
})

test('001-09 an output for each', () => {
  assert.deepEqual(to({ allocationOutput: 'a.json', assetsOutput: '-' }), [
    ['allocation', 'a.json', 'file'],
    ['assets', '-', 'standard-output'],
  ])
  assert.deepEqual(to({ allocationOutput: 'file:///tmp/a%20b.json' })[0], ['allocation', '/tmp/a b.json', 'file'])
})

test('001-10 --output alone is for allocations; with --data-type for those', () => {
  assert.deepEqual(to({ output: 'a.json' }), [['allocation', 'a.json', 'file']])
  assert.deepEqual(to({ output: 'a.json', dataType: 'assets' }), [['assets', 'a.json', 'file']])
  assert.deepEqual(to({ dataType: 'allocation', allocationOutput: 'b' }), [['allocation', 'b', 'file']])
  assert.equal(to({ dataType: 'assets' }).length, 1)
})

test('an output may be in a bucket', () => {
  assert.deepEqual(to({ allocationOutput: 's3://lake/a.json?region=eu-west-1', assetsOutput: 'az://lake/b.json' }), [
    ['allocation', 's3://lake/a.json?region=eu-west-1', 'bucket'],
    ['assets', 'az://lake/b.json', 'bucket'],
  ])
  assert.deepEqual(to({ output: 'gs://lake/a.json' }), [['allocation', 'gs://lake/a.json', 'bucket']])
})

test('an exporter in place of files', () => {
  assert.deepEqual(to({ to: 'warehouse' }), [
    ['allocation', 'warehouse', 'exporter'],
    ['assets', 'warehouse', 'exporter'],
  ])
  assert.deepEqual(to({ to: 'warehouse', dataType: 'assets' }), [['assets', 'warehouse', 'exporter']])
})

test('outputs that contradict each other, or that are none, are refused', () => {
  for (const options of [
    { output: 'a', allocationOutput: 'b' },
    { output: 'a', assetsOutput: 'b' },
    { dataType: 'assets', allocationOutput: 'b' },
    { dataType: 'allocation', assetsOutput: 'b' },
    { allocationOutput: '-', assetsOutput: '-' },
    { allocationOutput: 'a', assetsOutput: 'a' },
    { output: '' },
    { to: 'warehouse', output: 'a' },
    { to: 'warehouse', assetsOutput: 'a' },
    { output: 'ftp://host/a' },
    { output: 'file://host/a' },
  ] as const)
    assert.throws(() => to(options), { code: 'INVALID_OPTION' }, JSON.stringify(options))
})
