import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Allocation } from '../allocation.ts'
import type { Asset } from '../asset.ts'
import { allocation, disk, management, node } from '../server.fixture.ts'
import { allocationCharges, assetCharges, focusRow } from './focus-charges.ts'
import { type FocusCharge, focusTable } from './focus-table.ts'

const chargeCategories = ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment']
const serviceCategories =
  'AI and Machine Learning|Analytics|Business Applications|Compute|Databases|Developer Tools|Multicloud|Identity|Integration|Internet of Things|Management and Governance|Media|Migration|Mobile|Networking|Security|Storage|Web|Other'
const mandatory =
  'BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeClass ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost InvoiceIssuerName ListCost PricingQuantity PricingUnit ProviderName PublisherName ServiceCategory ServiceName'
const nullable = new Set(['BillingAccountName', 'ChargeClass', 'ChargeDescription'])

/** The rules of FOCUS 1.0 for a row. */
function follows(charge: FocusCharge): void {
  const { columns } = focusTable({ run_id: 'r' })
  const row = focusRow(charge, { run_id: 'r' })
  assert.equal(row.length, columns.length)
  const cells = Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]))
  for (const name of mandatory.split(' ')) {
    assert.ok(name in cells, name)
    if (!nullable.has(name)) assert.notEqual(cells[name], null, name)
  }
  for (const { name, type } of columns) {
    const cell = cells[name]
    // Null, and never an empty text, is what has no value.
    assert.notEqual(cell, '', name)
    assert.notEqual(cell, undefined, name)
    if (cell !== null)
      assert.equal(
        typeof cell,
        { real: 'number', datetime: 'number', string: 'string', json: 'object', int: 'number', bool: 'boolean' }[type],
        name,
      )
    if (typeof cell === 'number') assert.ok(Number.isFinite(cell), name)
  }
  assert.ok(chargeCategories.includes(cells.ChargeCategory as string))
  assert.ok(serviceCategories.split('|').includes(cells.ServiceCategory as string))
  assert.match(cells.BillingCurrency as string, /^[A-Z]{3}$/)
  assert.match(cells.PricingUnit as string, /^(GiB|Hours|Units|(Core|GiB|GPU)-Hours)$/)
  const [billedFrom, billedTo, from, to] = ['BillingPeriodStart', 'BillingPeriodEnd', 'ChargePeriodStart', 'ChargePeriodEnd'].map(
    (name) => cells[name] as number,
  )
  assert.ok(billedFrom! <= from! && from! < billedTo! && from! <= to!)
  assert.equal(new Date(billedFrom!).toISOString().slice(8), '01T00:00:00.000Z')
  assert.equal(new Date(billedTo!).toISOString().slice(8), '01T00:00:00.000Z')
  // A consumed quantity has its unit, and usage a quantity.
  assert.equal(cells.ConsumedQuantity === null, cells.ConsumedUnit === null)
  assert.ok((cells.PricingQuantity as number) > 0)
}

const cost = fc.option(
  fc.integer({ min: 0, max: 1e7 }).map((value) => value / 1e5),
  { freq: 5 },
)
const time = fc.date({ min: new Date(0), max: new Date(Date.UTC(2100, 0)), noInvalidDate: true }).map((date) => date.toISOString())
const name = fc.option(fc.string(), { nil: undefined })

test('charges of any allocation follow the rules, and add up to its cost', () => {
  const parts = ['cpu', 'ram', 'gpu', 'network', 'loadBalancer', 'pv', 'shared', 'external']
  const properties = fc.option(
    fc.record({ cluster: name, namespace: name, pod: name, container: name, labels: fc.dictionary(fc.string(), fc.string()) }),
  )
  const costs = fc.record(Object.fromEntries(parts.flatMap((part) => [[`${part}Cost`, cost] as const])))
  const others = fc.record({
    name: fc.string({ minLength: 1 }),
    properties,
    start: time,
    end: time,
    minutes: cost,
    cpuCoreHours: cost,
    cpuCostAdjustment: cost,
  })
  fc.assert(
    fc.property(costs, others, (some, more) => {
      const record = { ...some, ...more } as unknown as Allocation
      const charges = allocationCharges(record)
      charges.forEach(follows)
      const total = parts.reduce((sum, part) => sum + ((some[`${part}Cost`] as number | null) ?? 0), more.cpuCostAdjustment ?? 0)
      const billed = charges.reduce((sum, { BilledCost }) => sum + (BilledCost as number), 0)
      assert.ok(Math.abs(total - billed) < 1e-6)
    }),
  )
})

test('charges of any asset follow the rules', () => {
  const properties = fc.option(
    fc.record({ category: name, provider: name, account: name, project: name, cluster: name, name, providerID: name }),
  )
  const asset = fc.record({
    type: fc.string({ minLength: 1 }),
    properties,
    labels: fc.option(fc.dictionary(fc.string(), fc.string())),
    start: time,
    end: time,
    minutes: cost,
    totalCost: cost,
    adjustment: cost,
  })
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), asset, (key, value) => {
      assetCharges({ name: key, asset: value as Asset }).forEach(follows)
    }),
  )
})

test('an allocation is a charge for each part of its cost', () => {
  const charges = allocationCharges(allocation)
  assert.deepEqual(
    charges.map(({ ServiceCategory, ServiceName, BilledCost, PricingUnit }) => [ServiceCategory, ServiceName, BilledCost, PricingUnit]),
    [
      ['Compute', 'CPU', 0.002, 'Core-Hours'],
      ['Compute', 'Memory', 0.0001, 'GiB-Hours'],
      ['Compute', 'GPU', 1.2, 'GPU-Hours'],
      ['Networking', 'Network', 0.01, 'Units'],
      ['Networking', 'Load Balancer', 0.02, 'Hours'],
      ['Storage', 'Persistent Volumes', 0.03, 'Units'],
      ['Other', 'Shared Costs', 0.05, 'Hours'],
      ['Other', 'External Costs', 0.04, 'Hours'],
    ],
  )
  const { BillingAccountId, SubAccountId, ResourceType, ResourceName, Tags, x_Node } = charges[0]!
  assert.deepEqual(
    [BillingAccountId, SubAccountId, ResourceType, ResourceName, Tags, x_Node],
    ['one', 'shop', 'Container', 'main', { app: 'wé"b' }, 'node-1'],
  )
})

test('an asset is a charge of its provider', () => {
  const [charge] = assetCharges({ name: 'k', asset: disk })
  const { BillingAccountId, SubAccountId, ProviderName, ServiceCategory, ListCost, BilledCost, ResourceId, PricingQuantity } = charge!
  assert.deepEqual([BillingAccountId, SubAccountId, ProviderName, ServiceCategory, ResourceId], ['a-1', 'p-1', 'GCP', 'Storage', 'id-1'])
  assert.deepEqual([ListCost, BilledCost, PricingQuantity], [0.075973, 0.065973, 38 / 60])
  assert.equal(assetCharges({ name: 'k', asset: node })[0]!.RegionId, 'north')
  assert.equal(assetCharges({ name: 'k', asset: management })[0]!.ServiceCategory, 'Management and Governance')
  assert.deepEqual(assetCharges({ name: 'k', asset: { type: 'Disk', totalCost: null } }), [])
})
