import { type Describe, formatResolution, type Point, series, type Window } from '../../core/index.ts'
import type { Allocation } from '../allocation.ts'
import type { NamedAsset } from '../asset.ts'
import { regionOf, rounded } from '../asset-groups.ts'
import { labelIn, type OwnValues, sanitized } from './own-columns.ts'

export interface PointOptions extends OwnValues {
  /** Labels of Kubernetes to keep. */
  readonly wanted: readonly string[]
  /** The span that was asked about. */
  readonly window: Window
  readonly timeMs: number
  readonly currency: string
}

const components = {
  cpu: 'cpu',
  ram: 'ram',
  gpu: 'gpu',
  network: 'network',
  loadBalancer: 'load_balancer',
  pv: 'pv',
  external: 'external',
  shared: 'shared',
}

/** What an allocation was given on average, and how well it was used. Efficiencies are null where nothing was asked for. */
const amounts = [
  ['cpuCores', 'opencost.allocation.cpu', '{core}'],
  ['ramBytes', 'opencost.allocation.ram', 'By'],
  ['gpuCount', 'opencost.allocation.gpu', '{gpu}'],
  ['cpuEfficiency', 'opencost.allocation.cpu.efficiency', '1'],
  ['ramEfficiency', 'opencost.allocation.ram.efficiency', '1'],
] as const

/**
 * An allocation as gauges: `opencost.allocation.cost` for each component that costs something, which add up to its total cost, and
 * what it was given and used.
 */
export function allocationPoints(allocation: Allocation, options: PointOptions): Point[] {
  const { properties } = allocation
  const labels = labelsOf(options, {
    allocation: allocation.name,
    namespace: properties?.namespace,
    node: properties?.node,
    controller: properties?.controller,
    controller_kind: properties?.controllerKind,
    pod: properties?.pod,
    container: properties?.container,
  })
  const number = (field: string) => (typeof allocation[field] === 'number' ? (allocation[field] as number) : 0)
  const costs = Object.entries(components).flatMap(([field, component]) => {
    const cost = rounded(number(`${field}Cost`) + number(`${field}CostAdjustment`))
    return cost === 0 ? [] : [point('opencost.allocation.cost', { ...labels, component }, cost, costUnit(options), options)]
  })
  const given = amounts.flatMap(([field, name, unit]) => {
    const value = allocation[field]
    return value === null || value === undefined ? [] : [point(name, labels, value, unit, options)]
  })
  return [...costs, ...given]
}

/** An asset as a gauge `opencost.asset.cost`; none for one whose cost is not known. */
export function assetPoints({ name, asset }: NamedAsset, options: PointOptions): Point[] {
  const { type, properties, totalCost } = asset
  if (totalCost === null || totalCost === undefined) return []
  const labels = labelsOf(options, {
    asset: name,
    type,
    category: properties?.category,
    provider: properties?.provider,
    account: properties?.account,
    project: properties?.project,
    service: properties?.service,
    region: regionOf(asset),
    name: properties?.name,
  })
  return [point('opencost.asset.cost', labels, totalCost, costUnit(options), options)]
}

const costUnit = ({ currency }: PointOptions): string => `{${currency}}`

/** Of a metric, the length of the span among them: the same metric is of hours and of days. */
function labelsOf(
  { cluster, labels, wanted, window }: PointOptions,
  own: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const span = formatResolution(window.end.getTime() - window.start.getTime())
  const kept = Object.fromEntries(wanted.map((name) => [`label_${sanitized(name)}`, labelIn(labels, name)]))
  return Object.fromEntries(
    Object.entries({ cluster, span, ...own, ...kept }).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
}

function point(name: string, labels: Record<string, string>, value: number, unit: string, { timeMs }: PointOptions): Point {
  const describe: Describe = { kind: 'gauge', unit }
  return { series: series(name, labels, describe), timeMs, value }
}
