import { specialNames } from './allocation.ts'
import type { Asset, NamedAsset } from './asset.ts'

/** What assets can be added up by; `asset` leaves each by itself. */
export const assetLevels = ['type', 'account', 'project', 'service', 'category', 'provider', 'cluster', 'region', 'asset'] as const
export type AssetLevel = (typeof assetLevels)[number]

/** The value of an asset at a level; empty where it has none. */
export function assetValue({ name, asset }: NamedAsset, level: AssetLevel): string {
  if (level === 'asset') return name
  if (level === 'type') return asset.type ?? ''
  return (level === 'region' ? regionOf(asset) : asset.properties?.[level]) ?? ''
}

/** Where an asset stands, which OpenCost tells only in the labels of nodes. */
export const regionOf = ({ properties, labels }: Asset): string | undefined =>
  properties?.region ?? labels?.topology_kubernetes_io_region ?? labels?.failure_domain_beta_kubernetes_io_region

/** `cost` as it is, or what `totalCost` is without the adjustment. */
export function costOf({ cost, totalCost = 0, adjustment }: Asset): number | null {
  if (cost !== undefined) return cost
  return totalCost === null ? null : rounded(totalCost - (adjustment ?? 0))
}

/** To nine decimals: the microscopic differences of doubles are no money. */
export const rounded = (value: number): number => Math.round(value * 1e9) / 1e9

/**
 * Adds assets up by a level, as OpenCost's server does not. A group has the sum of costs and bytes, the span from its first start to
 * its last end, and of everything else what all its assets have in common. Assets without a value go to `__unallocated__`.
 */
export class AssetGroups {
  readonly #level: AssetLevel
  readonly #groups = new Map<string, Asset>()

  constructor(level: AssetLevel) {
    this.#level = level
  }

  add(named: NamedAsset): void {
    const { asset } = named
    const name = assetValue(named, this.#level) || specialNames.unallocated
    const region = regionOf(asset)
    const one: Asset = { ...asset, cost: costOf(asset), properties: { ...asset.properties, ...(region !== undefined && { region }) } }
    const group = this.#groups.get(name)
    this.#groups.set(name, group ? together(group, one) : one)
  }

  groups(): readonly NamedAsset[] {
    return [...this.#groups].map(([name, asset]) => ({ name, asset }))
  }
}

function together(a: Asset, b: Asset): Asset {
  const [start] = [a.start, b.start].filter((time) => time !== undefined).sort()
  const end = [a.end, b.end]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1)
  const minutes = (Date.parse(end ?? '') - Date.parse(start ?? '')) / 60_000
  return {
    ...(common(a, b) as Asset),
    properties: common(a.properties ?? {}, b.properties ?? {}),
    labels: common(a.labels ?? {}, b.labels ?? {}),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(Number.isFinite(minutes) && { minutes }),
    cost: sum(a.cost, b.cost),
    adjustment: sum(a.adjustment, b.adjustment),
    totalCost: sum(a.totalCost, b.totalCost),
    bytes: sum(a.bytes, b.bytes),
  }
}

/** Null when neither is a number. */
const sum = (a: number | null = 0, b: number | null = 0): number | null => (a === null && b === null ? null : rounded((a ?? 0) + (b ?? 0)))

/** The fields that both have with the same value. */
function common<T extends object>(a: T, b: T): T {
  const others = new Map(Object.entries(b))
  return Object.fromEntries(Object.entries(a).filter(([name, value]) => others.get(name) === value)) as T
}
