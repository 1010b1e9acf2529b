import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Row, Table } from '../core/index.ts'
import type { Allocation } from './allocation.ts'
import type { Asset } from './asset.ts'
import { ReplyReader } from './reply/reply-reader.ts'
import { allocationRow, assetRow, type Origin, readAllocationRow } from './rows.ts'
import { allocation, disk, management, node, nowMs } from './server.fixture.ts'
import { allocationTable, assetsTable } from './tables.ts'

const origin: Origin = { schema: 'v1', metadata: {}, source: 'http://oc:9003', timestampMs: nowMs, collectionTimeMs: nowMs - 1000 }
const namesOf = ({ columns }: Table) => columns.map(({ name }) => name)
const objectOf = (table: Table, row: Row) => Object.fromEntries(namesOf(table).map((name, index) => [name, row[index]]))

const read = (records: object, of = origin): Row[] => {
  const reader = new ReplyReader(readAllocationRow(of))
  return [...reader.push(Buffer.from(JSON.stringify({ code: 200, data: [records] }))), ...reader.end()]
}

test('001-16 an allocation is a flat row of numbers and texts, and a null stays one', () => {
  const [row] = read({ 'web/main': allocation })
  assert.deepEqual(objectOf(allocationTable(origin), row!), {
    Timestamp: nowMs,
    CollectionTime: nowMs - 1000,
    Source: 'http://oc:9003',
    AllocationName: 'web/main',
    WindowStart: '2026-11-21T05:00:00Z',
    WindowEnd: '2026-11-21T05:38:00Z',
    WindowMinutes: 38,
    Namespace: 'shop',
    Node: 'node-1',
    Container: 'main',
    Pod: 'web-1',
    Controller: 'web',
    ControllerKind: 'deployment',
    CpuCores: 0.1,
    CpuCoreHours: 0.06333,
    CpuCost: 0.002,
    CpuEfficiency: null,
    RamBytes: 1048576.5,
    RamByteHours: 664098.1,
    RamCost: 0.0001,
    RamEfficiency: 1,
    GpuCount: 2,
    GpuHours: 1.26667,
    GpuCost: 1.2,
    NetworkCost: 0.01,
    LoadBalancerCost: 0.02,
    PvCost: 0.03,
    TotalCost: 1.3521,
    TotalEfficiency: 0.5,
    ExternalCost: 0.04,
    SharedCost: 0.05,
    Properties: JSON.stringify(allocation.properties),
  })
})

test('what is missing is empty or 0, properties that are null are none, special names stay', () => {
  const [idle, other] = read({ __idle__: { name: '__idle__', properties: null, cpuCost: 1 }, __unallocated__: {} })
  const { AllocationName, Namespace, WindowMinutes, CpuCost, TotalCost, Properties } = objectOf(allocationTable(origin), idle!)
  assert.deepEqual([AllocationName, Namespace, WindowMinutes, CpuCost, TotalCost, Properties], ['__idle__', '', 0, 1, 0, '{}'])
  assert.equal(objectOf(allocationTable(origin), other!).AllocationName, '__unallocated__')
})

test('001-13 metadata stands behind Source: a column each in v1, three in v2', () => {
  const metadata = { run_id: 'r-1', scenario_name: 's', environment: 'production' }
  const v1: Origin = { ...origin, metadata }
  assert.deepEqual(namesOf(allocationTable(v1)).slice(2, 7), ['Source', '_run_id', '_scenario_name', '_environment', 'AllocationName'])
  assert.deepEqual(read({ a: allocation }, v1)[0]!.slice(2, 7), ['http://oc:9003', 'r-1', 's', 'production', 'a'])
  const v2: Origin = { ...v1, schema: 'v2' }
  assert.deepEqual(namesOf(assetsTable(v2)).slice(2, 7), ['Source', 'RunId', 'ScenarioName', 'Metadata', 'AssetName'])
  assert.deepEqual(assetRow({ name: 'a', asset: disk }, v2).slice(2, 7), ['http://oc:9003', 'r-1', 's', { environment: 'production' }, 'a'])
  assert.deepEqual(read({ a: allocation }, v2)[0]!.at(-1), allocation.properties)
  assert.deepEqual(read({ a: { properties: null } }, v2)[0]!.at(-1), {})
})

test('001-16 an asset is a flat row; cost is without the adjustment, a node has two breakdowns and a region', () => {
  const rowOf = (asset: Asset) => objectOf(assetsTable(origin), assetRow({ name: 'key', asset }, origin))
  assert.deepEqual(rowOf(disk), {
    Timestamp: nowMs,
    CollectionTime: nowMs - 1000,
    Source: 'http://oc:9003',
    AssetName: 'key',
    WindowStart: '2026-11-21T05:00:00Z',
    WindowEnd: '2026-11-21T05:38:00Z',
    WindowMinutes: 38,
    Type: 'Disk',
    Account: 'a-1',
    Project: 'p-1',
    Service: 'Kubernetes',
    Region: '',
    Category: 'Storage',
    Provider: 'GCP',
    ProviderID: 'id-1',
    Name: 'disk-1',
    Cost: 0.075973,
    Adjustment: -0.01,
    TotalCost: 0.065973,
    Bytes: 8589934592,
    Breakdown: JSON.stringify(disk.breakdown),
    Labels: '{}',
  })
  const row = rowOf(node)
  assert.deepEqual(
    [row.Region, JSON.parse(row.Breakdown as string), JSON.parse(row.Labels as string)],
    ['north', { cpu: node.cpuBreakdown, ram: node.ramBreakdown }, node.labels],
  )
  assert.deepEqual(rowOf({ ...disk, cost: 3 }).Cost, 3)
  const { Cost, Adjustment, Bytes, Breakdown, Labels, WindowStart } = rowOf(management)
  assert.deepEqual([Cost, Adjustment, Bytes, Breakdown, Labels, WindowStart], [0.1, 0, 0, '{}', '{}', ''])
  assert.deepEqual(rowOf({ type: 'Disk', totalCost: null, properties: null }).Cost, null)
})

test('the rows of bytes and of objects are the same', () => {
  const value = fc.option(fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })), { nil: undefined })
  const properties = fc.option(
    fc.record({ namespace: value, pod: value, labels: fc.dictionary(fc.string(), fc.string()) }, { requiredKeys: [] }),
  )
  const any = fc.record(
    { name: fc.string(), start: value, minutes: value, cpuCost: value, totalCost: value, properties },
    { requiredKeys: ['name'] },
  )
  fc.assert(
    fc.property(any, fc.constantFrom('v1', 'v2'), (record, schema) => {
      const of = { ...origin, schema }
      const parsed = JSON.parse(JSON.stringify(record)) as Allocation
      assert.deepEqual(read({ [parsed.name]: parsed }, of), [allocationRow(parsed, of)])
    }),
  )
})

test('001-26 001-27 every row has a cell for each column, of its type', () => {
  for (const schema of ['v1', 'v2'] as const) {
    const of: Origin = { ...origin, schema, metadata: { run_id: 'r', a: 'b' } }
    const rows: [Table, Row][] = [
      [allocationTable(of), read({ a: allocation }, of)[0]!],
      [assetsTable(of), assetRow({ name: 'a', asset: node }, of)],
    ]
    for (const [{ name, columns }, row] of rows) {
      assert.equal(row.length, columns.length, name)
      const types = { string: 'string', real: 'number', datetime: 'number', json: 'object', int: 'number', bool: 'boolean' }
      for (const [index, column] of columns.entries())
        if (row[index] !== null) assert.equal(typeof row[index], types[column.type], column.name)
    }
  }
  assert.equal(allocationTable(origin).columns.length, 32)
  assert.equal(assetsTable(origin).columns.length, 22)
})
