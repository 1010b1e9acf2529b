import type { Column, ColumnType, Table } from '../../core/index.ts'
import type { RunMetadata } from '../tables.ts'

/**
 * The columns of FOCUS 1.0 (https://focus.finops.org/focus-specification): all mandatory ones, and of the others those that apply.
 * OpenCost publishes no list of prices, so there are none of SKUs and unit prices. `?` where null is allowed. Times are texts, since
 * FOCUS has them without a fraction of a second.
 */
export const focusColumns = {
  BilledCost: 'real',
  BillingAccountId: 'string',
  BillingAccountName: 'string?',
  BillingCurrency: 'string',
  BillingPeriodEnd: 'string',
  BillingPeriodStart: 'string',
  ChargeCategory: 'string',
  ChargeClass: 'string?',
  ChargeDescription: 'string?',
  ChargeFrequency: 'string',
  ChargePeriodEnd: 'string',
  ChargePeriodStart: 'string',
  ConsumedQuantity: 'real?',
  ConsumedUnit: 'string?',
  ContractedCost: 'real',
  EffectiveCost: 'real',
  InvoiceIssuerName: 'string',
  ListCost: 'real',
  PricingQuantity: 'real',
  PricingUnit: 'string',
  ProviderName: 'string',
  PublisherName: 'string',
  RegionId: 'string?',
  RegionName: 'string?',
  ResourceId: 'string?',
  ResourceName: 'string?',
  ResourceType: 'string?',
  ServiceCategory: 'string',
  ServiceName: 'string',
  SubAccountId: 'string?',
  SubAccountName: 'string?',
  Tags: 'json?',
  // Columns of one's own begin with x_ and come last.
  x_Cluster: 'string?',
  x_Container: 'string?',
  x_Controller: 'string?',
  x_ControllerKind: 'string?',
  x_Namespace: 'string?',
  x_Node: 'string?',
  x_Pod: 'string?',
} as const satisfies Record<string, ColumnType | `${ColumnType}?`>

export type FocusColumn = keyof typeof focusColumns

/** One charge. What is left out is null. */
export type FocusCharge = Readonly<Partial<Record<FocusColumn, string | number | object | null | undefined>>>

/** The table, with a column `x_<key>` behind the others for each metadata key. */
export function focusTable(metadata: RunMetadata): Table {
  const columns = Object.entries(focusColumns).map(([name, type]): Column => ({ name, type: type.replace('?', '') as ColumnType }))
  return { name: 'Focus', columns: [...columns, ...Object.keys(metadata).map((key): Column => ({ name: `x_${key}`, type: 'string' }))] }
}
