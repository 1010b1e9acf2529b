import type { Cell, Row } from '../core/index.ts'
import type { Allocation } from './allocation.ts'
import type { NamedAsset } from './asset.ts'
import { costOf, regionOf } from './asset-groups.ts'
import { FieldScanner } from './reply/field-scanner.ts'
import type { ReadRecord } from './reply/reply-reader.ts'
import { allocationColumns, metadataColumns, type TableOptions } from './tables.ts'

/** What all rows of one export say of where they are from. */
export interface Origin extends TableOptions {
  /** Of the column Source. */
  readonly source: string
  readonly timestampMs: number
  readonly collectionTimeMs: number
}

const leadingCells = ({ timestampMs, collectionTimeMs, source, ...options }: Origin): readonly Cell[] => [
  timestampMs,
  collectionTimeMs,
  source,
  ...metadataColumns(options).cells,
]

const scanner = new FieldScanner(allocationColumns)

/** Reads an allocation straight into a row of `allocationTable`, without making an object of it. */
export function readAllocationRow(origin: Origin): ReadRecord<Row> {
  const leading = leadingCells(origin)
  const template = [...leading, '', ...allocationColumns.map(({ otherwise }) => otherwise)]
  const nameAt = leading.length
  const propertiesAt = template.length - 1
  return (cursor, name) => {
    const cells = template.slice()
    cells[nameAt] = name
    scanner.scan(cursor, cells, nameAt + 1)
    const properties = (cells[propertiesAt] ?? '{}') as string
    cells[propertiesAt] = origin.schema === 'v2' ? (JSON.parse(properties) as object) : properties
    return cells
  }
}

/** The same of an allocation that is an object already. */
export function allocationRow(allocation: Allocation, origin: Origin): Row {
  const cells = allocationColumns.map(({ path, kind, otherwise }) => {
    const [outer, inner] = path.split('.') as [string, string?]
    const value = inner === undefined ? allocation[outer] : (allocation[outer] as Readonly<Record<string, unknown>> | null)?.[inner]
    if (kind === 'json') return origin.schema === 'v2' ? (value ?? {}) : JSON.stringify(value ?? {})
    if (value === undefined) return otherwise
    return typeof value === (kind === 'text' ? 'string' : 'number') ? (value as Cell) : null
  })
  return [...leadingCells(origin), allocation.name, ...cells]
}

/** An asset as a row of `assetsTable`. */
export function assetRow({ name, asset }: NamedAsset, origin: Origin): Row {
  const { properties, cpuBreakdown: cpu, ramBreakdown: ram } = asset
  // OpenCost gives a disk one breakdown and a node two.
  const breakdown = asset.breakdown ?? (cpu || ram ? { cpu, ram } : {})
  const text = (field: 'account' | 'project' | 'service' | 'category' | 'provider' | 'providerID' | 'name') => properties?.[field] ?? ''
  const number = (value: number | null | undefined) => (value === undefined ? 0 : value)
  return [
    ...leadingCells(origin),
    name,
    asset.start ?? '',
    asset.end ?? '',
    number(asset.minutes),
    asset.type ?? '',
    text('account'),
    text('project'),
    text('service'),
    regionOf(asset) ?? '',
    text('category'),
    text('provider'),
    text('providerID'),
    text('name'),
    costOf(asset),
    number(asset.adjustment),
    number(asset.totalCost),
    number(asset.bytes),
    JSON.stringify(breakdown),
    JSON.stringify(asset.labels ?? {}),
  ]
}
