import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { WaybillError } from '../../core/errors.ts'
import type { AnyPlugin } from '../../core/plugin.ts'
import { toError } from '../../core/result.ts'
import { Catalogue } from '../catalogue.ts'
import { loadThirdParty } from '../third-party.ts'
import { type Conditions, compileConditions } from './conditions.ts'
import { readDocument } from './document.ts'
import { onlyEnabled } from './enabled.ts'
import type { Lookup } from './expand.ts'
import { compileFailover } from './failover.ts'
import { ConfigError, type Problem } from './problems.ts'
import {
  duplicateNames,
  outOfOrder,
  signalMismatches,
  unknownInTests,
  unknownNames,
  unreachable,
  wrongFallbacks,
  wrongRoutes,
} from './references.ts'
import { type ResolvedConfig, resolveComponents } from './resolve.ts'
import { type FileConfig, fileSchema } from './schema.ts'
import { check } from './shape.ts'

/** A configuration that was checked whole and can be started. */
export interface LoadedConfig extends ResolvedConfig {
  /** As it was named, for messages. */
  readonly path: string
  readonly catalogue: Catalogue
  readonly conditions: Conditions
}

export interface LoadOptions {
  /** What to call it in messages; relative paths in it start from its folder. */
  readonly path: string
  readonly lookup?: Lookup
  /** Further plugins, beside those that the configuration names. */
  readonly plugins?: readonly AnyPlugin[]
}

/** Reads and checks a configuration file. Throws ConfigError with everything that is wrong with it, or WaybillError `FILE_UNREADABLE`. */
export function loadFile(path: string, lookup?: Lookup): Promise<LoadedConfig> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (thrown) {
    const { code } = toError(thrown) as NodeJS.ErrnoException
    throw new WaybillError('FILE_UNREADABLE', `cannot read ${path} (${code})`, {
      cause: thrown,
      hint: 'check the path and that this user may read it',
    })
  }
  return loadText(text, { path, ...(lookup && { lookup }) })
}

/** Checks the text of a configuration. Throws ConfigError with everything that is wrong with it. */
export async function loadText(
  text: string,
  { path, lookup = systemLookup(dirname(path)), plugins = [] }: LoadOptions,
): Promise<LoadedConfig> {
  const document = readDocument(text, lookup)
  const problems: Problem[] = []
  const add = (more: readonly Problem[]) => problems.push(...more.map((problem) => document.locate(problem)))
  add(document.problems)
  if (problems.some(({ code }) => code === 'CONFIG_SYNTAX')) throw new ConfigError(path, problems)

  const checked = check(fileSchema, document.value ?? {}, [], lookup)
  add(checked.problems)
  if (checked.value === undefined) throw new ConfigError(path, problems)
  const { file, problems: conflicts } = compileFailover(withDefaults(checked.value))
  const { catalogue, problems: unloaded } = await loadPlugins(file, dirname(resolve(path)))
  for (const plugin of plugins) catalogue.add(plugin)
  const { conditions, problems: uncompiled } = await compileConditions(file)
  const { resolved, problems: unresolved } = await resolveComponents(file, catalogue, lookup)
  add([
    ...unloaded,
    ...conflicts,
    ...unresolved,
    ...uncompiled,
    ...unreachable(file),
    ...wrongRoutes(file),
    ...duplicateNames(file),
    ...unknownNames(file),
    ...wrongFallbacks(file),
    ...unknownInTests(file),
    ...signalMismatches(resolved),
    ...outOfOrder(resolved),
  ])
  if (problems.length > 0) throw new ConfigError(path, withoutEchoes(problems))
  return { ...onlyEnabled(resolved), path, catalogue, conditions }
}

async function loadPlugins(file: FileConfig, folder: string): Promise<{ catalogue: Catalogue; problems: Problem[] }> {
  const catalogue = new Catalogue()
  const problems: Problem[] = []
  for (const [index, reference] of file.plugins.entries()) {
    try {
      for (const plugin of await loadThirdParty(reference, folder)) catalogue.add(plugin)
    } catch (thrown) {
      const { code, message, hint } = thrown as WaybillError
      problems.push({ code, path: ['plugins', index], message, ...(hint && { hint }) })
    }
  }
  return { catalogue, problems }
}

/** Only the first problem at each place: a variable that is not set is not a missing value as well. */
function withoutEchoes(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>()
  return problems.filter(({ line, column }) => {
    const place = `${line}:${column}`
    return !seen.has(place) && seen.add(place)
  })
}

/** Variables from the environment of this process, files relative to `folder`. */
const systemLookup = (folder: string): Lookup => ({ env: process.env, readFile: (path) => readFileSync(resolve(folder, path), 'utf8') })

/** A file without inputs takes the system's metrics; one without pipelines sends everything everywhere. */
function withDefaults(file: FileConfig): FileConfig {
  const inputs = file.sources.length + file.receivers.length > 0
  const sources = inputs
    ? file.sources
    : check(fileSchema, { sources: [{ name: 'system', type: 'system', interval: '1s' }] }).value!.sources
  const names = (entries: readonly { name?: string | undefined; type: string }[]) => entries.map((entry) => entry.name ?? entry.type)
  const all: FileConfig['pipelines'][number] = {
    name: 'all',
    from: names([...sources, ...file.receivers]),
    process: names(file.processors),
    to: names(file.exporters),
    routes: [],
    require: 'any',
    strategy: 'parallel',
  }
  const pipelines = file.pipelines.length > 0 || file.exporters.length === 0 ? file.pipelines : [all]
  return { ...file, sources, pipelines }
}
