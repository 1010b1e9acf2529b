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
    // Numeric Format: no exponent, no sign but minus.
    if (typeof cell === 'number') assert.match(String(cell), /^-?\d+(\.\d+)?$/, name)
    // Column Naming: the standard's own in Pascal case, others with x_.
    assert.match(name, /^(x_.+|[A-Z][A-Za-z]{1,49})$/)
  }
  assert.ok(chargeCategories.includes(cells.ChargeCategory as string))
  assert.ok(serviceCategories.split('|').includes(cells.ServiceCategory as string))
  assert.match(cells.BillingCurrency as string, /^[A-Z]{3}$/)
  assert.match(cells.PricingUnit as string, /^(GiB|Hours|Units|(Core|GiB|GPU)-Hours)$/)
  // Date/Time Format: UTC, to the second. Starts are inclusive, ends are not.
  const [billedFrom, billedTo, from, to] = ['BillingPeriodStart', 'BillingPeriodEnd', 'ChargePeriodStart', 'ChargePeriodEnd'].map(
    (name) => {
      const text = cells[name] as string
      assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, name)
      assert.ok(!Number.isNaN(Date.parse(text)), name)
      return text
    },
  )
  assert.ok(billedFrom! <= from! && from! < billedTo! && from! <= to!)
  assert.equal(billedFrom!.slice(8), '01T00:00:00Z')
  assert.equal(billedTo!.slice(8), '01T00:00:00Z')
  // Usage that is no correction has quantities, with their units.
  for (const quantity of [cells.PricingQuantity, cells.ConsumedQuantity] as number[]) assert.ok(quantity > 0)
  assert.equal(cells.ConsumedUnit, cells.PricingUnit)
  assert.equal(cells.ChargeClass, null)
  assert.ok(['One-Time', 'Recurring', 'Usage-Based'].includes(cells.ChargeFrequency as string))
  // Null Handling: nothing stands in for what is not known.
  for (const cell of Object.values(cells)) if (typeof cell === 'string') assert.doesNotMatch(cell, /^(unknown|none|n\/a|not applicable)$/i)
  // A resource has a type; a sub account and a region have their names.
  assert.equal(cells.ResourceId === null, cells.ResourceType === null)
  assert.equal(cells.SubAccountId === null, cells.SubAccountName === null)
  assert.equal(cells.RegionId === null, cells.RegionName === null)
  // Key-Value Format: an object of plain values.
  for (const tag of Object.values((cells.Tags ?? {}) as object)) assert.ok(['string', 'number', 'boolean'].includes(typeof tag))
}

const cost = fc.option(
  fc.integer({ min: 0, max: 1e7 }).map((value) => value / 1e5),
  { freq: 5 },
)
const time = fc.date({ min: new Date(0), max: new Date(Date.UTC(2100, 0)), noInvalidDate: true }).map((date) => date.toISOString())
const quantity = fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { freq: 5 })
const name = fc.option(
  fc.string().filter((text) => !/^(unknown|none|n\/a|not applicable)$/i.test(text)),
  { nil: undefined },
)

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
    minutes: quantity,
    cpuCoreHours: quantity,
    ramByteHours: quantity,
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
    type: name.map((name) => name ?? ''),
    properties,
    labels: fc.option(fc.dictionary(fc.string(), fc.string())),
    start: time,
    end: time,
    minutes: quantity,
    totalCost: cost,
    adjustment: cost,
  })
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), asset, (key, value) => {
      assetCharges({ name: key, asset: value as Asset }).forEach(follows)
    }),
  )
})

test('columns stand in the order of their names, those of one’s own behind the others', () => {
  const names = focusTable({}).columns.map(({ name }) => name)
  const [standard, own] = [names.filter((name) => !name.startsWith('x_')), names.filter((name) => name.startsWith('x_'))]
  assert.deepEqual(names, [...standard.sort(), ...own.sort()])
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
  assert.deepEqual([ListCost, BilledCost, PricingQuantity], [0.075973, 0.065973, 0.633333])
  assert.equal(assetCharges({ name: 'k', asset: node })[0]!.RegionId, 'north')
  assert.equal(assetCharges({ name: 'k', asset: management })[0]!.ServiceCategory, 'Management and Governance')
  assert.deepEqual(assetCharges({ name: 'k', asset: { type: 'Disk', totalCost: null } }), [])
})
