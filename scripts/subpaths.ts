import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What can be imported from the package. */
export interface Subpaths {
  /** Every specifier, patterns expanded over the folders of src: `waybill`, `waybill/exporters/file`, … */
  readonly all: readonly string[]
  /** Folders that a pattern covers and that have no module to export. */
  readonly without: readonly string[]
}

/** Reads them from the `exports` of the package.json in `root`. */
export function subpaths(root: string): Subpaths {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string
    exports: Record<string, string | { 'waybill-source': string }>
  }
  const all: string[] = []
  const without: string[] = []
  for (const [key, target] of Object.entries(exports)) {
    const specifier = name + key.slice(1)
    if (typeof target === 'string' || !specifier.includes('*')) {
      all.push(specifier)
      continue
    }
    const source = join(root, target['waybill-source'])
    const folder = source.slice(0, source.indexOf('*'))
    for (const entry of existsSync(folder) ? readdirSync(folder).sort() : []) {
      if (existsSync(source.replaceAll('*', entry))) all.push(specifier.replace('*', entry))
      else without.push(`${specifier.slice(0, -1)}${entry}`)
    }
  }
  return { all, without }
}
