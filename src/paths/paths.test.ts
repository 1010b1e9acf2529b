import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alignWindow } from '../core/window.ts'
import { BingenStoragePathFormatter, EventStoragePathFormatter, PartitionedPathFormatter, WindowStoragePathFormatter } from './index.ts'

const at = new Date('2025-05-19T22:27:00.999Z')
const hour = alignWindow(at.getTime(), 3_600_000)

test('000-04 a formatter knows its root and makes paths of a prefix, a time and an extension', () => {
  const paths = new EventStoragePathFormatter({ root: 'federated', cluster: 'cluster-01', event: 'message' })
  assert.deepEqual([paths.rootDir(), paths.dir()], ['federated', 'federated/cluster-01/message'])
  assert.equal(paths.toFullPath('', at, 'json'), 'federated/cluster-01/message/20250519222700.json')
  assert.equal(paths.toFullPath('copy', at, 'json'), 'federated/cluster-01/message/copy.20250519222700.json')
  assert.equal(paths.toFullPath('', at, ''), 'federated/cluster-01/message/20250519222700')
})

test('000-05 an event has its root, which may be empty, its cluster and what is below', () => {
  const path = (root: string, ...subPaths: string[]) =>
    new EventStoragePathFormatter({ root, cluster: 'c', event: 'diagnostics', subPaths }).toFullPath('', at, 'json')
  assert.equal(path('', 'finops'), 'c/diagnostics/finops/20250519222700.json')
  assert.equal(path('', 'a', 'b'), 'c/diagnostics/a/b/20250519222700.json')
  assert.equal(path('/var//x/./y/../z/'), '/var/x/z/c/diagnostics/20250519222700.json')
  assert.equal(path('/'), '/c/diagnostics/20250519222700.json')
  assert.equal(new EventStoragePathFormatter({ cluster: 'c', event: 'e' }).rootDir(), '')
})

test('000-06 a window has its pipeline, its resolution, its start and its end', () => {
  const paths = new WindowStoragePathFormatter({ root: 'federated', cluster: 'c', pipeline: 'allocations', resolution: '1h' })
  assert.deepEqual([paths.rootDir(), paths.dir()], ['federated', 'federated/c/etl/bingen/allocations/1h'])
  assert.equal(paths.toFullPath('', hour, ''), 'federated/c/etl/bingen/allocations/1h/1747692000-1747695600')
  assert.equal(paths.toFullPath('p', hour, 'json.gz'), 'federated/c/etl/bingen/allocations/1h/p.1747692000-1747695600.json.gz')
  assert.equal(BingenStoragePathFormatter, WindowStoragePathFormatter)
})

test('000-06 resolutions are named as in OpenCost, and no two alike', () => {
  const dir = (resolution?: string) =>
    new WindowStoragePathFormatter({ root: '', cluster: 'c', pipeline: 'p', ...(resolution && { resolution }) }).dir()
  const names = { '7d': '1w', '1d': '1d', '24h': '1d', '1h': '1h', '10m': '10m', '9m': '9m0s', '30s': '30s', '25h': '25h', '90m': '90m' }
  for (const [resolution, name] of Object.entries(names)) assert.equal(dir(resolution), `c/etl/bingen/p/${name}`)
  assert.equal(dir(), 'c/etl/bingen/p')
  assert.equal(new WindowStoragePathFormatter({ cluster: 'c', pipeline: 'p' }).rootDir(), 'federated')
})

test('000-06 windows shorter than a second have paths of their own', () => {
  const paths = new WindowStoragePathFormatter({ root: '', cluster: 'c', pipeline: 'p', resolution: '500ms' })
  assert.equal(paths.toFullPath('', alignWindow(1_500, 500), ''), 'c/etl/bingen/p/500ms/1.5-2')
})

test('partitions by day, of an instant or of the start of a window', () => {
  const paths = new PartitionedPathFormatter({ root: 'lake', subPaths: ['costs'] })
  assert.deepEqual([paths.rootDir(), paths.dir()], ['lake', 'lake/costs'])
  assert.equal(paths.toFullPath('', at, 'jsonl'), 'lake/costs/year=2025/month=05/day=19/20250519222700.jsonl')
  assert.equal(paths.toFullPath('a', hour, ''), 'lake/costs/year=2025/month=05/day=19/a.1747692000-1747695600')
  assert.equal(new PartitionedPathFormatter().toFullPath('', new Date(0), ''), 'year=1970/month=01/day=01/19700101000000')
})

test('000-07 what is empty, or leads out of its place, is refused with its name', () => {
  const event = { root: '', cluster: 'c', event: 'e' }
  const window = { root: '', cluster: 'c', pipeline: 'p' }
  const refused: [() => unknown, RegExp][] = [
    [() => new EventStoragePathFormatter({ ...event, cluster: '' }), /^cluster id cannot be empty$/],
    [() => new EventStoragePathFormatter({ ...event, cluster: '.' }), /^cluster id cannot be empty$/],
    [() => new EventStoragePathFormatter({ ...event, event: '' }), /^event cannot be empty$/],
    [() => new EventStoragePathFormatter({ ...event, subPaths: ['a', ''] }), /^subpaths cannot be empty$/],
    [() => new WindowStoragePathFormatter({ ...window, cluster: '' }), /^cluster id cannot be empty$/],
    [() => new WindowStoragePathFormatter({ ...window, pipeline: '' }), /^pipeline cannot be empty$/],
    [() => new PartitionedPathFormatter({ subPaths: [''] }), /^subpaths cannot be empty$/],
    [() => new EventStoragePathFormatter({ ...event, cluster: '../x' }), /"\.\.\/x" is not a path .*leaves the root/],
    [() => new EventStoragePathFormatter({ ...event, root: 'a/../..' }), /leaves the root/],
    [() => new EventStoragePathFormatter({ ...event, event: 'a\0' }), /NUL/],
    [() => new EventStoragePathFormatter(event).toFullPath('../../x', at, ''), /leaves the root/],
    [() => new EventStoragePathFormatter(event).toFullPath('', at, '/../../../x'), /leaves the root/],
    [() => new EventStoragePathFormatter(event).toFullPath('', new Date('never'), ''), /invalid time/],
    [() => new WindowStoragePathFormatter(window).toFullPath('', { start: at, end: new Date('never') }, ''), /invalid time/],
    [() => new PartitionedPathFormatter().toFullPath('', new Date('never'), ''), /invalid time/],
  ]
  for (const [make, message] of refused) assert.throws(make, { code: 'INVALID_OPTION', message })
  assert.throws(() => new WindowStoragePathFormatter({ ...window, resolution: 'soon' }), { code: 'INVALID_DURATION' })
})
