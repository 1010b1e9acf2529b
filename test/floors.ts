/** Who may import whom, as data: docs and reasons are in ARCHITECTURE.md. Paths are below src; `*` is one folder, each for itself. */

export interface Floor {
  /** The folders and files that stand on it. Each may import from itself. */
  readonly of: readonly string[]
  /** What else of src they may import. */
  readonly sees: readonly string[]
  /** `pure`: only what touches neither files, network nor processes. */
  readonly node: 'none' | 'pure' | 'any'
  /** `dependencies`: those in package.json. */
  readonly packages: 'dependencies' | readonly string[]
  /** Whether modules may be imported whose name is worked out at run time. */
  readonly computed?: true
}

const plugins = ['sources', 'receivers', 'processors', 'exporters', 'storage', 'arrays']

export const floors: readonly Floor[] = [
  { of: ['core'], sees: [], node: 'none', packages: [] },
  { of: ['version.ts'], sees: [], node: 'any', packages: [] },
  { of: ['sdk.ts'], sees: ['core'], node: 'none', packages: ['zod'] },
  { of: ['codecs/*'], sees: ['core', 'codecs/text'], node: 'pure', packages: [] },
  { of: ['files'], sees: ['core'], node: 'any', packages: [] },
  { of: ['expressions'], sees: ['core'], node: 'none', packages: ['@marcbachmann/cel-js'] },
  { of: ['controllers'], sees: ['core'], node: 'pure', packages: [] },
  { of: ['delivery', 'testing'], sees: ['core'], node: 'any', packages: [] },
  { of: ['profiling'], sees: ['core', 'delivery', 'controllers'], node: 'any', packages: [] },
  { of: plugins.map((folder) => `${folder}/*`), sees: ['sdk.ts', 'codecs', 'expressions', 'files'], node: 'any', packages: 'dependencies' },
  { of: ['index.ts'], sees: ['core', 'delivery', 'controllers', 'profiling', 'version.ts'], node: 'none', packages: [] },
  {
    of: ['agent'],
    sees: ['core', 'sdk.ts', 'version.ts', 'codecs', 'expressions', 'files', 'delivery', 'controllers', ...plugins],
    node: 'any',
    packages: 'dependencies',
    computed: true,
  },
  {
    of: ['cli', 'dashboard'],
    sees: ['core', 'sdk.ts', 'version.ts', 'codecs', 'expressions', 'files', 'delivery', 'controllers', ...plugins, 'agent'],
    node: 'any',
    packages: 'dependencies',
  },
]

export const pureNodeModules = [
  'node:assert',
  'node:assert/strict',
  'node:buffer',
  'node:crypto',
  'node:string_decoder',
  'node:util',
  'node:zlib',
]

/** What tests and their fixtures may import beside what their floor may: any node: module, any installed package, and these. */
export const testsSee = ['testing', 'core', 'sdk.ts']
