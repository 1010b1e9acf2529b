import { readdir } from 'node:fs/promises'
import { extname } from 'node:path'
import { dispatchPlugins } from '../arrays/third-party/dispatch-plugins.ts'
import { WaybillError } from '../core/errors.ts'
import { type AnyPlugin, apiVersion, type PluginKind } from '../core/plugin.ts'
import { suggest } from './config/names.ts'

const folders: Readonly<Record<PluginKind, string>> = {
  source: 'sources',
  receiver: 'receivers',
  processor: 'processors',
  exporter: 'exporters',
}
const extension = extname(import.meta.url)

/** Where a built-in plugin lies: its module, README.md and example.yaml are in one folder named after its type. */
const folderOf = (kind: PluginKind, type: string): URL => new URL(`../${folders[kind]}/${type}/`, import.meta.url)

/**
 * The plugins that there are: those that come with Waybill, found by their folders and imported when they are first
 * used, and those of the user, which take precedence over a built-in one of the same type.
 */
export class Catalogue {
  readonly #added = new Map<string, AnyPlugin>()

  /** Adds a plugin of the user. */
  add(plugin: AnyPlugin): void {
    this.#added.set(`${plugin.kind}/${plugin.type}`, plugin)
  }

  /** What was added. */
  get added(): readonly AnyPlugin[] {
    return [...this.#added.values()]
  }

  /** The types of that kind, sorted. */
  async types(kind: PluginKind): Promise<string[]> {
    const found = await builtIn(kind)
    const added = [...this.#added.values()].filter((plugin) => plugin.kind === kind).map((plugin) => plugin.type)
    return [...new Set([...found, ...added])].sort()
  }

  /** The plugin of that kind and type. Throws WaybillError `PLUGIN_NOT_FOUND` with what was probably meant. */
  async get<K extends PluginKind>(kind: K, type: string): Promise<Extract<AnyPlugin, { kind: K }>> {
    const added = this.#added.get(`${kind}/${type}`)
    if (added) return added as Extract<AnyPlugin, { kind: K }>
    if (!(await builtIn(kind)).includes(type))
      throw new WaybillError('PLUGIN_NOT_FOUND', `there is no ${kind} of type ${type}`, { hint: suggest(type, await this.types(kind)) })
    const module = (await import(new URL(`${type}${extension}`, folderOf(kind, type)).href)) as { default: Extract<AnyPlugin, { kind: K }> }
    return module.default
  }

  /** Every plugin, by kind and type. */
  async all(): Promise<AnyPlugin[]> {
    const plugins: AnyPlugin[] = []
    for (const kind of Object.keys(folders) as PluginKind[]) {
      for (const type of await this.types(kind)) plugins.push(await this.get(kind, type))
    }
    return plugins
  }

  /** The folder of a built-in plugin; undefined for the user's own. */
  folder(plugin: AnyPlugin): URL | undefined {
    return this.#added.has(`${plugin.kind}/${plugin.type}`) ? undefined : folderOf(plugin.kind, plugin.type)
  }
}

async function builtIn(kind: PluginKind): Promise<string[]> {
  const entries = await readdir(new URL(`../${folders[kind]}/`, import.meta.url), { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

/** The plugins that a module exports, by default or by name. Throws WaybillError `PLUGIN_INVALID` when there is none or one is for another SDK. */
export function pluginsOf(module: Readonly<Record<string, unknown>>, from: string): AnyPlugin[] {
  const plugins = pluginsIn(module, from)
  if (plugins.length > 0) return plugins
  throw new WaybillError('PLUGIN_INVALID', `${from} exports no plugin`, {
    hint: 'export what defineExporter, defineSource, defineReceiver, defineProcessor or defineArrayDriver returns, or a class with a dispatch',
  })
}

/** The same, which may be none. */
export function pluginsIn(module: Readonly<Record<string, unknown>>, from: string): AnyPlugin[] {
  const plugins = [...Object.values(module).filter(isPlugin), ...dispatchPlugins(module)]
  const other = plugins.find((plugin) => plugin.apiVersion !== apiVersion)
  if (other)
    throw new WaybillError(
      'PLUGIN_INVALID',
      `${from} was made for version ${other.apiVersion} of the plugin API, this is version ${apiVersion}`,
      { hint: 'install a version of the plugin that fits' },
    )
  return [...new Set(plugins)]
}

const isPlugin = (value: unknown): value is AnyPlugin =>
  typeof value === 'object' &&
  value !== null &&
  'apiVersion' in value &&
  'kind' in value &&
  'create' in value &&
  (value.kind as string) in folders
