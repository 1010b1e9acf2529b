/**
 * An asset as OpenCost's `/assets` gives it (core/pkg/opencost/asset_json.go): a node, disk, load balancer or another thing that is paid
 * for. Numbers are null where OpenCost had NaN. By its type it has other fields beside these.
 */
export interface Asset {
  readonly type: string
  readonly properties?: AssetProperties | null
  readonly labels?: Readonly<Record<string, string>> | null
  readonly window?: { readonly start: string; readonly end: string }
  /** RFC 3339. When it was there within the window. */
  readonly start?: string
  readonly end?: string
  readonly minutes?: number | null
  /** Only in other programs' replies; OpenCost gives `totalCost` and, except for cluster management, `adjustment`. */
  readonly cost?: number | null
  readonly adjustment?: number | null
  readonly totalCost?: number | null
  /** Of disks. */
  readonly bytes?: number | null
  readonly breakdown?: Breakdown | null
  /** Of nodes. */
  readonly cpuBreakdown?: Breakdown | null
  readonly ramBreakdown?: Breakdown | null
  readonly [field: string]: unknown
}

export interface AssetProperties {
  readonly category?: string
  readonly provider?: string
  readonly account?: string
  readonly project?: string
  readonly service?: string
  readonly cluster?: string
  readonly name?: string
  readonly providerID?: string
  readonly region?: string
}

/** What share of it did what. */
export interface Breakdown {
  readonly idle: number
  readonly other: number
  readonly system: number
  readonly user: number
}

/** An asset and its key, which is unique in a reply. */
export interface NamedAsset {
  readonly name: string
  readonly asset: Asset
}
