import { WaybillError } from '../core/index.ts'
import { type AssetLevel, assetLevels } from './asset-groups.ts'

/** What allocations can be added up by (core/pkg/opencost/allocationprops.go), beside `label:<name>` and `annotation:<name>`. */
export const allocationLevels: readonly string[] = [
  'container',
  'pod',
  'controller',
  'controllerKind',
  'deployment',
  'statefulset',
  'daemonset',
  'job',
  'service',
  'namespace',
  'node',
  'cluster',
  'provider',
  'department',
  'environment',
  'owner',
  'product',
  'team',
  'all',
]

/** The level of each kind of data. */
export interface Levels {
  /** As OpenCost takes it: one level, or several with commas between. */
  readonly allocations: string
  readonly assets: AssetLevel
}

/**
 * What one `--aggregate` means for both: a level that fits only one of them leaves the other at its own default, container and type.
 * `assets` is for the assets alone. OpenCost drops a level that it does not know without a word; here it is a WaybillError
 * `INVALID_OPTION` that lists those there are.
 */
export function chooseLevels(aggregate: string | undefined, assets?: string): Levels {
  const ofAllocations = allocationLevel(aggregate ?? 'container')
  const ofAssets = assetLevel(assets ?? aggregate ?? 'type')
  if (assets !== undefined && ofAssets === undefined) throw unknown(assets, levelsOfAssets)
  if (aggregate !== undefined && ofAllocations === undefined && assetLevel(aggregate) === undefined)
    throw unknown(aggregate, `${levelsOfAllocations}; ${levelsOfAssets}`)
  return { allocations: ofAllocations ?? 'container', assets: ofAssets ?? 'type' }
}

const levelsOfAllocations = `of allocations: ${allocationLevels.join(', ')}, label:<name>, annotation:<name>, or several with commas between`
const levelsOfAssets = `of assets: ${assetLevels.join(', ')}`

const unknown = (level: string, levels: string) =>
  new WaybillError('INVALID_OPTION', `there is no level ${JSON.stringify(level)} to aggregate by`, { hint: `there are, ${levels}` })

function allocationLevel(text: string): string | undefined {
  const parts = text.split(',').map((part) => part.trim())
  const found = parts.map((part) => {
    if (/^(label|annotation):./.test(part)) return part
    return allocationLevels.find((level) => level.toLowerCase() === part.toLowerCase())
  })
  return found.includes(undefined) ? undefined : found.join(',')
}

const assetLevel = (text: string): AssetLevel | undefined => assetLevels.find((level) => level.toLowerCase() === text.trim().toLowerCase())
