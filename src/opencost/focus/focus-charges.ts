import type { Row } from '../../core/index.ts'
import type { Allocation } from '../allocation.ts'
import type { Asset, NamedAsset } from '../asset.ts'
import { costOf, regionOf } from '../asset-groups.ts'
import type { RunMetadata } from '../tables.ts'
import { type FocusCharge, type FocusColumn, focusColumns } from './focus-table.ts'

const gib = 2 ** 30

/** What a record costs for one thing: its price without and with adjustment, and how much of it there was. */
interface Charge {
  readonly service: string
  readonly category: 'Compute' | 'Networking' | 'Storage' | 'Management and Governance' | 'Other'
  readonly list: number
  readonly cost: number
  readonly quantity: number
  readonly unit: string
}

/**
 * An allocation as charges, one for each part of its cost that is not 0, which add up to its total cost. The cluster is the billing
 * account and the namespace the sub account, since OpenCost allocates what somebody else has billed. `currency` is that which OpenCost
 * is set to.
 */
export function allocationCharges(allocation: Allocation, currency = 'USD'): readonly FocusCharge[] {
  const { properties, name } = allocation
  const number = (field: string) => numberOf(allocation[field])
  const hours = number('minutes') / 60
  const part = (field: string, service: string, category: Charge['category'], quantity: number, unit: string): Charge => {
    const list = number(`${field}Cost`)
    return { service, category, list: decimal(list), cost: decimal(list + number(`${field}CostAdjustment`)), quantity, unit }
  }
  const charges = [
    part('cpu', 'CPU', 'Compute', number('cpuCoreHours'), 'Core-Hours'),
    part('ram', 'Memory', 'Compute', number('ramByteHours') / gib, 'GiB-Hours'),
    part('gpu', 'GPU', 'Compute', number('gpuHours'), 'GPU-Hours'),
    part('network', 'Network', 'Networking', number('networkTransferBytes') / gib, 'GiB'),
    part('loadBalancer', 'Load Balancer', 'Networking', hours, 'Hours'),
    part('pv', 'Persistent Volumes', 'Storage', number('pvByteHours') / gib, 'GiB-Hours'),
    part('shared', 'Shared Costs', 'Other', hours, 'Hours'),
    part('external', 'External Costs', 'Other', hours, 'Hours'),
  ].filter(({ cost, list }) => cost !== 0 || list !== 0)
  return charges.map((charge) => ({
    ...chargeOf(charge, allocation),
    BillingCurrency: currency,
    BillingAccountId: properties?.cluster || issuer,
    BillingAccountName: properties?.cluster,
    SubAccountId: properties?.namespace,
    SubAccountName: properties?.namespace,
    ChargeDescription: `${charge.service} of ${name}`,
    InvoiceIssuerName: issuer,
    ProviderName: issuer,
    PublisherName: issuer,
    ResourceId: name,
    ResourceName: properties?.container ?? properties?.pod ?? name,
    ResourceType: properties?.container ? 'Container' : properties?.pod ? 'Pod' : 'Allocation',
    Tags: tagsOf(properties?.labels),
    x_Cluster: properties?.cluster,
    x_Namespace: properties?.namespace,
    x_Node: properties?.node,
    x_Pod: properties?.pod,
    x_Container: properties?.container,
    x_Controller: properties?.controller,
    x_ControllerKind: properties?.controllerKind,
  }))
}

/** An asset as a charge; none for one that costs nothing. */
export function assetCharges({ name, asset }: NamedAsset, currency = 'USD'): readonly FocusCharge[] {
  const { properties, labels } = asset
  const type = asset.type || 'Asset'
  const cost = decimal(numberOf(asset.totalCost))
  const list = decimal(numberOf(costOf(asset)))
  if (cost === 0 && list === 0) return []
  const provider = properties?.provider || issuer
  const account = properties?.account || properties?.project || properties?.cluster
  const category = categories.get(properties?.category ?? '') ?? 'Other'
  return [
    {
      ...chargeOf({ service: type, category, list, cost, quantity: numberOf(asset.minutes) / 60, unit: 'Hours' }, asset),
      BillingAccountId: account || issuer,
      BillingAccountName: account,
      BillingCurrency: currency,
      SubAccountId: properties?.project,
      SubAccountName: properties?.project,
      ChargeDescription: `${type} ${properties?.name ?? name}`,
      InvoiceIssuerName: provider,
      ProviderName: provider,
      PublisherName: provider,
      RegionId: regionOf(asset),
      RegionName: regionOf(asset),
      ResourceId: properties?.providerID || name,
      ResourceName: properties?.name || name,
      ResourceType: type,
      Tags: tagsOf(labels),
      x_Cluster: properties?.cluster,
    },
  ]
}

/** A charge as a row of `focusTable`; what is empty is null, as FOCUS has it. */
export const focusRow = (charge: FocusCharge, metadata: RunMetadata): Row =>
  [...focusNames.map((name) => charge[name]), ...Object.values(metadata)].map((value) =>
    value === undefined || value === '' ? null : value,
  )

const focusNames = Object.keys(focusColumns) as readonly FocusColumn[]
/** Who bills where nobody else is known to. */
const issuer = 'OpenCost'

/** OpenCost's categories of assets. */
const categories: ReadonlyMap<string, Charge['category']> = new Map([
  ['Compute', 'Compute'],
  ['Network', 'Networking'],
  ['Storage', 'Storage'],
  ['Management', 'Management and Governance'],
])

/** When something was there, and the window that was asked about. */
type Time = Pick<Asset, 'start' | 'end' | 'window'>

/** The columns that every charge has. OpenCost sends no invoice, so what is billed is what it comes to. */
function chargeOf({ service, category, list, cost, quantity, unit }: Charge, { start, end, window }: Time): FocusCharge {
  const startMs = timeOf(start ?? window?.start)
  const date = new Date(startMs)
  const month = (later: number) => timeText(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later))
  // What has no quantity is one of itself.
  const amount = decimal(quantity) > 0 ? { quantity: decimal(quantity), unit } : { quantity: 1, unit: 'Units' }
  return {
    BilledCost: cost,
    BillingPeriodStart: month(0),
    BillingPeriodEnd: month(1),
    ChargeCategory: 'Usage',
    ChargeFrequency: 'Usage-Based',
    ChargePeriodStart: timeText(startMs),
    // Some versions of OpenCost give a start later than the end.
    ChargePeriodEnd: timeText(Math.max(startMs, timeOf(end ?? window?.end))),
    ConsumedQuantity: amount.quantity,
    ConsumedUnit: amount.unit,
    ContractedCost: cost,
    EffectiveCost: cost,
    ListCost: list,
    PricingQuantity: amount.quantity,
    PricingUnit: amount.unit,
    ServiceCategory: category,
    ServiceName: service,
  }
}

/** As FOCUS has times. */
const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** As many decimals as OpenCost has, and so few that no number is written with an exponent, which FOCUS 1.0 has no place for. */
const decimal = (value: number): number => Math.round(value * 1e6) / 1e6

/** Milliseconds; the epoch for what is no time. */
const timeOf = (text: string | undefined): number => Date.parse(text ?? '') || 0

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)

const tagsOf = (labels: Readonly<Record<string, string>> | null | undefined): object | null =>
  labels && Object.keys(labels).length > 0 ? labels : null
