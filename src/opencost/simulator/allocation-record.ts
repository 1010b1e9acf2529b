import type { Window } from '../../core/index.ts'
import { clusterName } from './cluster.ts'
import { costsOf, type Properties, type Usage } from './usage.ts'

/** One allocation of a reply. */
export interface AllocationRecord {
  readonly name: string
  readonly properties: Partial<Properties>
  readonly usage: Usage
  readonly window: Window
  /** When it ran. */
  readonly ran: Window
  /** What of the idle capacity is laid on each dollar. */
  readonly idleShare: number
}

/** As OpenCost writes it: five decimals, and null for what cannot be divided. */
export function allocationText({ name, properties, usage, window, ran, idleShare }: AllocationRecord): string {
  const { hours } = usage
  const costs = costsOf(usage, idleShare)
  const total = costs.cpu + costs.ram + costs.gpu + costs.network + costs.pv
  const cpuEfficiency = efficiency(usage.cpuUsageHours, usage.cpuRequestHours)
  const ramEfficiency = efficiency(usage.ramUsageHours, usage.ramRequestHours)
  const { app, ...own } = properties
  return JSON.stringify({
    name,
    properties: { cluster: clusterName, ...withoutEmpty(own), ...(app && { labels: { app }, namespaceLabels: {} }) },
    window: spanOf(window),
    ...spanOf(ran),
    minutes: rounded(hours * 60),
    cpuCores: rounded(usage.cpuHours / hours),
    cpuCoreRequestAverage: rounded(usage.cpuRequestHours / hours),
    cpuCoreUsageAverage: rounded(usage.cpuUsageHours / hours),
    cpuCoreHours: rounded(usage.cpuHours),
    cpuCost: rounded(costs.cpu),
    cpuCostAdjustment: 0,
    cpuEfficiency: rounded(cpuEfficiency),
    gpuCount: rounded(usage.gpuHours / hours),
    gpuHours: rounded(usage.gpuHours),
    gpuCost: rounded(costs.gpu),
    gpuCostAdjustment: 0,
    networkTransferBytes: 0,
    networkReceiveBytes: 0,
    networkCost: rounded(costs.network),
    networkCostAdjustment: 0,
    loadBalancerCost: 0,
    loadBalancerCostAdjustment: 0,
    pvBytes: 0,
    pvByteHours: 0,
    pvCost: rounded(costs.pv),
    pvs: null,
    pvCostAdjustment: 0,
    ramBytes: rounded(usage.ramHours / hours),
    ramByteRequestAverage: rounded(usage.ramRequestHours / hours),
    ramByteUsageAverage: rounded(usage.ramUsageHours / hours),
    ramByteHours: rounded(usage.ramHours),
    ramCost: rounded(costs.ram),
    ramCostAdjustment: 0,
    ramEfficiency: rounded(ramEfficiency),
    externalCost: 0,
    sharedCost: 0,
    totalCost: rounded(total),
    totalEfficiency: rounded((costs.cpu * cpuEfficiency + costs.ram * ramEfficiency) / (costs.cpu + costs.ram)),
    rawAllocationOnly: null,
    lbAllocations: null,
  })
}

/** What was used of what was asked for; all of it where nothing was asked for. NaN where there is neither. */
const efficiency = (used: number, asked: number): number => (asked === 0 && used > 0 ? 1 : used / asked)

const rounded = (value: number): number | null => (Number.isFinite(value) ? Math.round(value * 1e5) / 1e5 : null)

const spanOf = ({ start, end }: Window) => ({ start: secondsOf(start), end: secondsOf(end) })
/** Until when there is data: the end of the minute at hand, so that a window that has only just begun is not empty. */
export const nextMinute = (nowMs: number): number => (Math.floor(nowMs / 60_000) + 1) * 60_000

export const secondsOf = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z')

const withoutEmpty = (properties: object): object => Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== ''))
