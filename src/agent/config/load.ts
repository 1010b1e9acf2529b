import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { ArraysConfig } from '../../arrays/config.ts'
import type { ArrayDriver } from '../../arrays/driver.ts'
import { arrayPlugins } from '../../arrays/third-party/chosen-exporters.ts'
import { WaybillError } from '../../core/errors.ts'
import type { AnyPlugin } from '../../core/plugin.ts'
import { toError } from '../../core/result.ts'
import { Catalogue } from '../catalogue.ts'
import { loadThirdParty } from '../third-party.ts'
import { expandArrays } from './arrays.ts'
import { type Conditions, compileConditions } from './conditions.ts'
import { type ConfigDocument, readDocument } from './document.ts'
import { onlyEnabled } from './enabled.ts'
import type { Lookup } from './expand.ts'
import { compileFailover } from './failover.ts'
import { impliedPipelines } from './implied-pipelines.ts'
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
  /** Of storage arrays, those that its plugins have. */
  readonly drivers: readonly ArrayDriver[]
  readonly conditions: Conditions
}

export interface LoadOptions {
  /** What to call it in messages; relative paths in it start from its folder. */
  readonly path: string
  readonly lookup?: Lookup
  /** Further plugins, beside those that the configuration names. */
  readonly plugins?: readonly AnyPlugin[]
  /** Changes what was read, before it is checked: for settings that are given otherwise. */
  readonly amend?: (value: unknown) => unknown
}

/** Reads and checks a configuration file. Throws ConfigError with everything that is wrong with it, or WaybillError `FILE_UNREADABLE`. */
export function loadFile(path: string, options: Omit<LoadOptions, 'path'> = {}): Promise<LoadedConfig> {
  return loadText(readConfig(path), { ...options, path })
}

/** The text of a configuration file. Throws WaybillError `FILE_UNREADABLE`. */
export function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    const { code } = toError(thrown) as NodeJS.ErrnoException
    throw new WaybillError('FILE_UNREADABLE', `cannot read ${path} (${code})`, {
      cause: thrown,
      hint: 'check the path and that this user may read it',
    })
  }
}

/** Checks the text of a configuration. Throws ConfigError with everything that is wrong with it. */
export function loadText(text: string, options: LoadOptions): Promise<LoadedConfig> {
  const lookup = options.lookup ?? systemLookup(dirname(options.path))
  return load(readDocument(text, lookup), { ...options, lookup })
}

/** Checks a configuration that was not written as YAML. Throws ConfigError; where in the file it is wrong it does not tell. */
export function loadValue(value: object, options: LoadOptions): Promise<LoadedConfig> {
  return load({ value, problems: [], locate: (problem) => problem }, { lookup: systemLookup(dirname(options.path)), ...options })
}

async function load(
  document: ConfigDocument,
  { path, lookup, plugins = [], amend = (value) => value }: LoadOptions & { readonly lookup: Lookup },
): Promise<LoadedConfig> {
  const problems: Problem[] = []
  const add = (more: readonly Problem[]) => problems.push(...more.map((problem) => document.locate(problem)))
  add(document.problems)
  if (problems.some(({ code }) => code === 'CONFIG_SYNTAX')) throw new ConfigError(path, problems)

  const checked = check(fileSchema, amend(document.value ?? {}), [], lookup)
  add(checked.problems)
  if (checked.value === undefined) throw new ConfigError(path, problems)
  const { catalogue, drivers, problems: unloaded } = await loadPlugins(checked.value, dirname(resolve(path)))
  for (const plugin of plugins) catalogue.add(plugin)
  const { file: whole, problems: unchosen, relocate } = expandArrays(checked.value, catalogue.added)
  if (checked.value.arrays) await addArrays(catalogue, checked.value.arrays, drivers)
  const { file: compiled, problems: conflicts } = compileFailover(withSource(whole))
  const { resolved: components, problems: unresolved } = await resolveComponents(compiled, catalogue, lookup)
  const file = { ...compiled, pipelines: [...impliedPipelines(checked.value, components), ...compiled.pipelines] }
  const resolved = { ...components, file }
  const { conditions, problems: uncompiled } = await compileConditions(file)
  const found = [
    ...unloaded,
    ...unchosen,
    ...conflicts,
    ...unresolved,
    ...uncompiled,
    // Where an exporter was chosen that there is not, that is the mistake.
    ...unreachable(file).filter(({ path: [section] }) => unchosen.length === 0 || section !== 'exporters'),
    ...wrongRoutes(file),
    ...duplicateNames(file),
    ...unknownNames(file),
    ...wrongFallbacks(file),
    ...unknownInTests(file),
    ...signalMismatches(resolved),
    ...outOfOrder(resolved),
  ]
  add(found.map(relocate))
  if (problems.length > 0) throw new ConfigError(path, withoutEchoes(problems))
  return { ...onlyEnabled(resolved), path, catalogue, drivers, conditions }
}

/** The parts of the agent that there are only with arrays. */
async function addArrays(catalogue: Catalogue, config: ArraysConfig, drivers: readonly ArrayDriver[]): Promise<void> {
  const { arraysReceiver } = await import('../../arrays/arrays-receiver.ts')
  const known = new Set(catalogue.added.map(({ kind, type }) => `${kind}/${type}`))
  for (const plugin of [...arrayPlugins, arraysReceiver({ config, drivers })])
    if (!known.has(`${plugin.kind}/${plugin.type}`)) catalogue.add(plugin)
}

interface LoadedPlugins {
  readonly catalogue: Catalogue
  readonly drivers: readonly ArrayDriver[]
  readonly problems: readonly Problem[]
}

async function loadPlugins(file: FileConfig, folder: string): Promise<LoadedPlugins> {
  const catalogue = new Catalogue()
  const drivers: ArrayDriver[] = []
  const problems: Problem[] = []
  for (const [index, reference] of file.plugins.entries()) {
    try {
      const loaded = await loadThirdParty(reference, folder)
      for (const plugin of loaded.plugins) catalogue.add(plugin)
      drivers.push(...loaded.drivers)
    } catch (thrown) {
      const { code, message, hint } = thrown as WaybillError
      problems.push({ code, path: ['plugins', index], message, ...(hint && { hint }) })
    }
  }
  return { catalogue, drivers, problems }
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

/** A file without inputs takes the system's metrics. */
function withSource(file: FileConfig): FileConfig {
  if (file.sources.length + file.receivers.length > 0) return file
  return { ...file, sources: check(fileSchema, { sources: [{ name: 'system', type: 'system', interval: '1s' }] }).value!.sources }
}
