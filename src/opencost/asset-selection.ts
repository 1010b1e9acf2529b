import type { NamedAsset } from './asset.ts'
import { AssetGroups, type AssetLevel, assetValue } from './asset-groups.ts'
import type { Records } from './client.ts'

/** Which assets are wanted, and what they are added up by: the server does neither. */
export interface AssetSelection {
  readonly level: AssetLevel
  /** Only assets of these types, in any case of letters; none means all. */
  readonly types: readonly string[]
}

/** What is wanted of a reply. Every type that there is goes to `seen`, wanted or not. */
export async function* selectAssets(
  records: Records<NamedAsset>,
  { level, types }: AssetSelection,
  seen = new Set<string>(),
): Records<NamedAsset> {
  const wanted = new Set(types.map((type) => type.toLowerCase()))
  const groups = new AssetGroups(level)
  for await (const assets of records) {
    for (const asset of assets) seen.add(assetValue(asset, 'type'))
    const kept = assets.filter((asset) => wanted.size === 0 || wanted.has(assetValue(asset, 'type').toLowerCase()))
    if (level === 'asset') yield kept
    else for (const asset of kept) groups.add(asset)
  }
  yield groups.groups()
}

/** The types in a list with commas between. */
export const typesOf = (list: string | undefined): string[] =>
  (list ?? '')
    .split(',')
    .map((type) => type.trim())
    .filter((type) => type !== '')
