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

/** What plugins may build on, each with a door of its own for third parties: of `packages` it is the host's `load`. */
const ground = ['codecs', 'expressions', 'files', 'http', 'packages', 'paths', 'controllers', 'diagnostics']

const plugins = ['sources', 'receivers', 'processors', 'exporters', 'storage']

/** What the agent and the commands may use: everything but each other. */
const house = ['core', 'sdk.ts', 'version.ts', ...ground, 'delivery', 'dead-letters', ...plugins, 'arrays']

export const floors: readonly Floor[] = [
  { of: ['core'], sees: [], node: 'none', packages: [] },
  { of: ['version.ts'], sees: [], node: 'any', packages: [] },
  { of: ['sdk.ts'], sees: ['core'], node: 'none', packages: ['zod'] },
  { of: ['codecs/msgpack'], sees: ['core'], node: 'pure', packages: ['@msgpack/msgpack'] },
  { of: ['codecs/remote-write'], sees: ['core', 'codecs/text', 'codecs/prometheus-text'], node: 'pure', packages: [] },
  { of: ['codecs/parquet'], sees: ['core', 'codecs/text', 'codecs/snappy'], node: 'pure', packages: [] },
  { of: ['codecs/*'], sees: ['core', 'codecs/text'], node: 'pure', packages: [] },
  { of: ['expressions'], sees: ['core'], node: 'none', packages: ['@marcbachmann/cel-js'] },
  { of: ['paths'], sees: ['core'], node: 'none', packages: [] },
  { of: ['files'], sees: ['core'], node: 'any', packages: [] },
  { of: ['packages'], sees: ['core'], node: 'any', packages: [], computed: true },
  { of: ['http'], sees: ['core', 'sdk.ts', 'version.ts'], node: 'any', packages: ['undici'] },
  { of: ['delivery'], sees: ['core', 'files'], node: 'any', packages: [] },
  { of: ['dead-letters'], sees: ['core', 'delivery', 'files', 'codecs'], node: 'any', packages: ['fastify'] },
  { of: ['testing'], sees: ['core'], node: 'any', packages: [] },
  { of: ['controllers'], sees: ['core', 'files'], node: 'any', packages: [] },
  { of: ['diagnostics'], sees: ['core', 'version.ts', 'controllers', 'storage', 'paths', 'codecs'], node: 'any', packages: [] },
  { of: ['profiling'], sees: ['core', 'delivery', 'controllers'], node: 'any', packages: [] },
  { of: ['sources/opencost'], sees: ['sdk.ts', ...ground, 'opencost'], node: 'any', packages: 'dependencies' },
  { of: ['exporters/kusto'], sees: ['sdk.ts', ...ground, 'storage', 'kusto'], node: 'any', packages: 'dependencies' },
  { of: plugins.map((folder) => `${folder}/*`), sees: ['sdk.ts', ...ground, 'storage'], node: 'any', packages: 'dependencies' },
  { of: ['arrays'], sees: ['sdk.ts', 'version.ts', ...ground], node: 'any', packages: 'dependencies' },
  {
    of: ['index.ts'],
    sees: ['core', 'delivery', 'controllers', 'diagnostics', 'paths', 'storage', 'profiling', 'version.ts'],
    node: 'none',
    packages: [],
  },
  { of: ['monitor'], sees: ['core', 'delivery', 'files', 'exporters'], node: 'any', packages: [] },
  { of: ['bridge/*'], sees: ['core'], node: 'any', packages: [] },
  { of: ['kusto'], sees: ['core'], node: 'none', packages: [] },
  { of: ['opencost'], sees: ['core', 'codecs', 'kusto', 'version.ts'], node: 'any', packages: ['undici'] },
  { of: ['agent'], sees: house, node: 'any', packages: 'dependencies', computed: true },
  { of: ['application'], sees: [...house, 'profiling', 'agent'], node: 'any', packages: 'dependencies' },
  { of: ['dashboard'], sees: house, node: 'any', packages: 'dependencies' },
  { of: ['cli'], sees: [...house, 'opencost', 'kusto', 'agent', 'dashboard', 'testing'], node: 'any', packages: 'dependencies' },
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
