import type { AnyPlugin, ExporterPlugin, PluginKind, ProcessorPlugin, ReceiverPlugin, SourcePlugin } from '../../core/plugin.ts'
import { toError } from '../../core/result.ts'
import { WaybillError } from '../../sdk.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Lookup } from './expand.ts'
import { withPlace } from './misplaced.ts'
import type { Path, Problem } from './problems.ts'
import type { FileConfig } from './schema.ts'
import { check } from './shape.ts'

/** A component of the configuration with its plugin and its checked settings. */
export interface Resolved<P extends AnyPlugin, Rest = unknown> {
  readonly name: string
  readonly plugin: P
  readonly config: unknown
  readonly rest: Rest
}

/** What a plugin's settings are by default where it takes dead letters: on disk before they count as written. */
export const deadLetterDefaults: Readonly<Record<string, object>> = {
  file: { sync: true, filename_template: '{name}-{signal}-{timestamp}' },
}

type Section = 'sources' | 'receivers' | 'processors' | 'exporters'
type Entry<S extends Section> = FileConfig[S][number]

export interface ResolvedConfig {
  readonly file: FileConfig
  readonly sources: readonly Resolved<SourcePlugin, Entry<'sources'>>[]
  readonly receivers: readonly Resolved<ReceiverPlugin, Entry<'receivers'>>[]
  readonly processors: readonly Resolved<ProcessorPlugin, Entry<'processors'>>[]
  readonly exporters: readonly Resolved<ExporterPlugin, Entry<'exporters'>>[]
  /** What takes the dead letters of an exporter that has an own destination for them, by the exporter's name. */
  readonly deadLetters: ReadonlyMap<string, Resolved<ExporterPlugin>>
}

/**
 * Finds the plugin of every component and checks its settings by the plugin's own schema. A component with a problem is
 * left out, and told in the problems.
 */
export async function resolveComponents(
  file: FileConfig,
  catalogue: Catalogue,
  lookup: Lookup,
): Promise<{ resolved: ResolvedConfig; problems: Problem[] }> {
  const problems: Problem[] = []
  const resolved: ResolvedConfig = {
    file,
    sources: await section('source', 'sources'),
    receivers: await section('receiver', 'receivers'),
    processors: await section('processor', 'processors'),
    exporters: await section('exporter', 'exporters'),
    deadLetters: await deadLetters(),
  }
  return { resolved, problems }

  async function section<K extends PluginKind, S extends Section>(
    kind: K,
    key: S,
  ): Promise<Resolved<Extract<AnyPlugin, { kind: K }>, Entry<S>>[]> {
    const found: Resolved<Extract<AnyPlugin, { kind: K }>, Entry<S>>[] = []
    for (const [index, rest] of file[key].entries()) {
      if (rest.type === '') continue
      const plugin = await pluginOf(kind, rest.type, [key, index, 'type'])
      const config = plugin && checkConfig(plugin, rest.config, [key, index, 'config'])
      if (plugin && config) found.push({ name: rest.name ?? rest.type, plugin, config: config.value, rest: rest as Entry<S> })
    }
    return found
  }

  async function deadLetters(): Promise<Map<string, Resolved<ExporterPlugin>>> {
    const found = new Map<string, Resolved<ExporterPlugin>>()
    for (const [index, rest] of file.exporters.entries()) {
      const { deadLetter } = rest
      if (typeof deadLetter !== 'object') continue
      const name = rest.name ?? rest.type
      const path: Path = ['exporters', index, 'dead_letter']
      const plugin = await pluginOf('exporter', deadLetter.type, [...path, 'type'])
      const given = { ...deadLetterDefaults[deadLetter.type], ...(deadLetter.config as object | undefined) }
      const config = plugin && checkConfig(plugin, plugin.config ? given : deadLetter.config, [...path, 'config'])
      if (plugin && config) found.set(name, { name, plugin, config: config.value, rest: deadLetter })
    }
    return found
  }

  async function pluginOf<K extends PluginKind>(kind: K, type: string, path: Path): Promise<Extract<AnyPlugin, { kind: K }> | undefined> {
    try {
      return await catalogue.get(kind, type)
    } catch (thrown) {
      const known = thrown instanceof WaybillError ? thrown : undefined
      problems.push({ code: 'CONFIG_UNKNOWN_TYPE', path, message: toError(thrown).message, ...(known?.hint && { hint: known.hint }) })
      return undefined
    }
  }

  function checkConfig(plugin: AnyPlugin, config: unknown, path: Path): { value: unknown } | undefined {
    if (!plugin.config) {
      if (config === undefined || config === null) return { value: undefined }
      problems.push({
        code: 'CONFIG_UNKNOWN_KEY',
        path,
        message: `the ${plugin.kind} ${plugin.type} has nothing to set`,
        hint: 'leave config out',
      })
      return undefined
    }
    const checked = check(plugin.config as Parameters<typeof check>[0], config ?? {}, path, lookup)
    const isOfExporter = plugin.kind === 'exporter' && path.at(-2) !== 'dead_letter'
    problems.push(...(isOfExporter ? checked.problems.map(withPlace) : checked.problems))
    return checked.problems.length === 0 ? { value: checked.value } : undefined
  }
}
