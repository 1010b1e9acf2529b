/**
 * An allocation as OpenCost's `/allocation` gives it (core/pkg/opencost/allocation_json.go): what a workload used over a window and what
 * that cost. Numbers are null where OpenCost had NaN, costs are in the currency that it is set to. Beyond these fields there may be
 * others, by version.
 */
export interface Allocation {
  readonly name: string
  readonly properties: AllocationProperties | null
  readonly window: { readonly start: string; readonly end: string }
  /** RFC 3339. When it ran within the window. */
  readonly start: string
  readonly end: string
  readonly minutes: number | null
  readonly cpuCores: number | null
  readonly cpuCoreHours: number | null
  readonly cpuCoreRequestAverage?: number | null
  readonly cpuCoreUsageAverage?: number | null
  readonly cpuCost: number | null
  readonly cpuCostAdjustment?: number | null
  readonly cpuEfficiency: number | null
  readonly ramBytes: number | null
  readonly ramByteHours: number | null
  readonly ramByteRequestAverage?: number | null
  readonly ramByteUsageAverage?: number | null
  readonly ramCost: number | null
  readonly ramCostAdjustment?: number | null
  readonly ramEfficiency: number | null
  readonly gpuCount: number | null
  readonly gpuHours: number | null
  readonly gpuCost: number | null
  readonly networkCost: number | null
  readonly loadBalancerCost: number | null
  readonly pvCost: number | null
  readonly totalCost: number | null
  readonly totalEfficiency: number | null
  readonly externalCost: number | null
  readonly sharedCost: number | null
  readonly [field: string]: unknown
}

/** What an allocation belongs to; only what all that was added up has in common. */
export interface AllocationProperties {
  readonly cluster?: string
  readonly node?: string
  readonly namespace?: string
  readonly controller?: string
  readonly controllerKind?: string
  readonly pod?: string
  readonly container?: string
  readonly services?: readonly string[]
  readonly providerID?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly namespaceLabels?: Readonly<Record<string, string>>
}

/** Names of allocations that are no workload: capacity nobody asked for, volumes nobody mounted, what has no such property. */
export const specialNames = { idle: '__idle__', unmounted: '__unmounted__', unallocated: '__unallocated__' } as const
