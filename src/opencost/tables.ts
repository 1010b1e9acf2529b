import type { Cell, Column, Table } from '../core/index.ts'
import type { Field } from './reply/field-scanner.ts'

/** `v1`: the first tables, metadata as a column `_<key>` each. `v2`: the later ones, with RunId, ScenarioName and Metadata instead. */
export const kustoSchemas = ['v1', 'v2'] as const
export type KustoSchema = (typeof kustoSchemas)[number]

/** What a run says of itself, by name. `run_id` and `scenario_name` have columns of their own in v2. */
export type RunMetadata = Readonly<Record<string, string>>

export interface TableOptions {
  readonly schema: KustoSchema
  readonly metadata: RunMetadata
}

/** Columns that every row of an export has the same text in. */
export function metadataColumns({ schema, metadata }: TableOptions): {
  readonly columns: readonly Column[]
  readonly cells: readonly Cell[]
} {
  if (schema === 'v1')
    return {
      columns: Object.keys(metadata).map((key) => ({ name: `_${key}`, type: 'string' })),
      cells: Object.values(metadata),
    }
  const { run_id: runId = '', scenario_name: scenarioName = '', ...rest } = metadata
  return {
    columns: [
      { name: 'RunId', type: 'string' },
      { name: 'ScenarioName', type: 'string' },
      { name: 'Metadata', type: 'json' },
    ],
    cells: [runId, scenarioName, rest],
  }
}

/** The columns before those of metadata. */
const leading: readonly Column[] = [
  { name: 'Timestamp', type: 'datetime' },
  { name: 'CollectionTime', type: 'datetime' },
  { name: 'Source', type: 'string' },
]

/** A column that is filled from a field of a reply; `otherwise` where the field is missing. */
export interface FieldColumn extends Column, Field {
  readonly otherwise: Cell
}

const text = (name: string, path: string): FieldColumn => ({ name, type: 'string', path, kind: 'text', otherwise: '' })
const real = (name: string): FieldColumn => ({
  name,
  type: 'real',
  path: name[0]!.toLowerCase() + name.slice(1),
  kind: 'number',
  otherwise: 0,
})

/** The columns of OpenCostAllocation behind AllocationName, and where an allocation has them. */
export const allocationColumns: readonly FieldColumn[] = [
  text('WindowStart', 'start'),
  text('WindowEnd', 'end'),
  { ...real('WindowMinutes'), path: 'minutes' },
  text('Namespace', 'properties.namespace'),
  text('Node', 'properties.node'),
  text('Container', 'properties.container'),
  text('Pod', 'properties.pod'),
  text('Controller', 'properties.controller'),
  text('ControllerKind', 'properties.controllerKind'),
  ...['CpuCores', 'CpuCoreHours', 'CpuCost', 'CpuEfficiency', 'RamBytes', 'RamByteHours', 'RamCost', 'RamEfficiency'].map(real),
  ...['GpuCount', 'GpuHours', 'GpuCost', 'NetworkCost', 'LoadBalancerCost', 'PvCost', 'TotalCost', 'TotalEfficiency'].map(real),
  ...['ExternalCost', 'SharedCost'].map(real),
  { name: 'Properties', type: 'string', path: 'properties', kind: 'json', otherwise: '{}' },
]

/** OpenCostAllocation: 32 columns in v1, beside the metadata. */
export function allocationTable(options: TableOptions): Table {
  const own = allocationColumns.map(
    ({ name, type }) => ({ name, type: name === 'Properties' && options.schema === 'v2' ? 'json' : type }) as const,
  )
  return {
    name: 'OpenCostAllocation',
    columns: [...leading, ...metadataColumns(options).columns, { name: 'AllocationName', type: 'string' }, ...own],
  }
}

const strings = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'string' }))
const reals = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'real' }))

/** OpenCostAssets: 22 columns in v1, beside the metadata. */
export const assetsTable = (options: TableOptions): Table => ({
  name: 'OpenCostAssets',
  columns: [
    ...leading,
    ...metadataColumns(options).columns,
    ...strings('AssetName', 'WindowStart', 'WindowEnd'),
    ...reals('WindowMinutes'),
    ...strings('Type', 'Account', 'Project', 'Service', 'Region', 'Category', 'Provider', 'ProviderID', 'Name'),
    ...reals('Cost', 'Adjustment', 'TotalCost', 'Bytes'),
    ...strings('Breakdown', 'Labels'),
  ],
})
