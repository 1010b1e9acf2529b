import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Asset, NamedAsset } from './asset.ts'
import type { AssetLevel } from './asset-groups.ts'
import { selectAssets, typesOf } from './asset-selection.ts'
import { disk, management, node } from './server.fixture.ts'

const named = (...assets: Asset[]): NamedAsset[] => assets.map((asset, index) => ({ name: `key-${index}`, asset }))

async function select(assets: readonly NamedAsset[], level: AssetLevel, types: readonly string[] = []) {
  const seen = new Set<string>()
  async function* records() {
    for (const asset of assets) yield [asset]
  }
  return { found: (await Array.fromAsync(selectAssets(records(), { level, types }, seen))).flat(), seen: [...seen] }
}

test('001-07 assets are added up by a level: sums, the whole span, and what all have in common', async () => {
  const other: Asset = {
    ...disk,
    properties: { ...disk.properties, name: 'disk-2', providerID: 'id-3' },
    start: '2026-11-21T04:08:00Z',
    end: '2026-11-21T05:00:00Z',
    minutes: 52,
    totalCost: 1,
    adjustment: 0,
  }
  const { found } = await select(named(disk, node, other), 'type')
  assert.deepEqual(
    found.map(({ name }) => name),
    ['Disk', 'Node'],
  )
  const [{ asset }] = found as [NamedAsset, NamedAsset]
  assert.deepEqual(
    [asset.type, asset.totalCost, asset.adjustment, asset.cost, asset.bytes, asset.start, asset.end, asset.minutes],
    ['Disk', 1.065973, -0.01, 1.075973, 2 * disk.bytes, '2026-11-21T04:08:00Z', '2026-11-21T05:38:00Z', 90],
  )
  assert.deepEqual(asset.properties, {
    category: 'Storage',
    provider: 'GCP',
    account: 'a-1',
    project: 'p-1',
    service: 'Kubernetes',
    cluster: 'one',
  })
})

test('each level, with __unallocated__ for assets that have no value there', async () => {
  const names = async (level: AssetLevel) => (await select(named(disk, node, management), level)).found.map(({ name }) => name)
  assert.deepEqual(await names('account'), ['a-1', '__unallocated__'])
  assert.deepEqual(await names('project'), ['p-1', '__unallocated__'])
  assert.deepEqual(await names('service'), ['Kubernetes', '__unallocated__'])
  assert.deepEqual(await names('region'), ['__unallocated__', 'north'])
  assert.deepEqual(await names('asset'), ['key-0', 'key-1', 'key-2'])
})

test('sums of null are null only when all are; a group of one keeps its fields', async () => {
  const nulls: Asset = { type: 'Disk', totalCost: null, adjustment: null }
  const [{ asset: none }] = (await select(named(nulls, nulls), 'type')).found as [NamedAsset]
  assert.deepEqual([none.totalCost, none.cost], [null, null])
  const [{ asset: some }] = (await select(named(nulls, disk), 'type')).found as [NamedAsset]
  assert.equal(some.totalCost, disk.totalCost)
  const [{ asset: one }] = (await select(named(disk), 'type')).found as [NamedAsset]
  assert.deepEqual(one.breakdown, disk.breakdown)
})

test('001-14 only the wanted types, in any case of letters; all that there are is noted', async () => {
  const { found, seen } = await select(named(disk, node, management), 'asset', ['disk', 'NODE', 'ClusterIP'])
  assert.deepEqual(
    found.map(({ asset }) => asset.type),
    ['Disk', 'Node'],
  )
  assert.deepEqual(seen, ['Disk', 'Node', 'ClusterManagement'])
  assert.deepEqual(typesOf(' Disk, ,LoadBalancer'), ['Disk', 'LoadBalancer'])
  assert.deepEqual(typesOf(undefined), [])
})

test('an asset that does not say what it is goes to __unallocated__', async () => {
  const { found, seen } = await select(named({ totalCost: 1 } as Asset), 'type')
  assert.deepEqual([found[0]!.name, found[0]!.asset.totalCost, seen], ['__unallocated__', 1, ['']])
  assert.deepEqual((await select(named({ totalCost: 1 } as Asset), 'type', ['Disk'])).found, [])
})
