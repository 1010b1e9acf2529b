import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Batch } from '../core/batch.ts'
import { WaybillError } from '../core/errors.ts'
import { toError } from '../core/result.ts'
import { Secret } from '../core/secret.ts'
import type { Filters } from '../delivery/filtering.ts'
import { metricFilters } from '../delivery/metric-filters.ts'
import type { EnvironmentOptions } from './environment.ts'

/** An exporter as a configuration names it, for whoever can make exporters of its type. */
export interface ExporterEntry {
  readonly name: string
  readonly type: string
  /** Its settings, under the names of the file. Keys, passwords and tokens are `Secret`s. */
  readonly config: Readonly<Record<string, unknown>>
  readonly filters?: Filters<Batch>
}

export interface ExporterEntriesOptions extends EnvironmentOptions {
  /** What the errors call the document. */
  readonly path: string
  /** Where secrets are mounted, a file for each. Default `/etc/secrets`. */
  readonly secretsDirectory?: string
}

/**
 * The exporters of a document `{ exporters: [{ name, type, config, enabled, filters }] }`, without those that are not enabled.
 * `${NAME}` in a text stands for that environment variable. A setting such as `api_key_secret` names a secret: `api_key` is
 * what the file of that name in the directory of secrets holds, or where there is none the variable named like it
 * (`datadog-api-key`: DATADOG_API_KEY); the name itself is never taken for the key. Throws WaybillError `INVALID_CONFIG`,
 * `CONFIG_UNDEFINED_VARIABLE` or `CONFIG_UNREADABLE_SECRET` with the place.
 */
export function exporterEntries(document: unknown, options: ExporterEntriesOptions): readonly ExporterEntry[] {
  const { path } = options
  const { exporters, ...others } = isObject(document) ? document : {}
  if (!Array.isArray(exporters)) throw invalid(path, 'there is no list `exporters`')
  const [other] = Object.keys(others)
  if (other !== undefined)
    throw invalid(path, `${JSON.stringify(other)} is not known here`, 'let the file hold `exporters:` and nothing else')
  const entries = exporters.flatMap((given: unknown, index) => entryOf(given, { ...options, path: `${path}: exporters[${index}]` }))
  const twice = entries.find(({ name }, index) => entries.findIndex((entry) => entry.name === name) < index)
  if (twice) throw invalid(path, `two exporters have the name ${twice.name}`, 'give each its own')
  return entries
}

function entryOf(given: unknown, options: ExporterEntriesOptions): readonly ExporterEntry[] {
  const { path } = options
  if (!isObject(given)) throw invalid(path, 'is no exporter')
  const { type, name = type, config = {}, enabled = true, filters, ...others } = given
  if (typeof type !== 'string' || typeof name !== 'string') throw invalid(path, 'needs a `type`, and a `name` that is a text')
  const [other] = Object.keys(others)
  if (other !== undefined)
    throw invalid(path, `${JSON.stringify(other)} is not known here`, 'known are name, type, config, enabled, filters')
  if (!isObject(config)) throw invalid(`${path}.config`, 'is no set of settings')
  if (typeof enabled !== 'boolean') throw invalid(`${path}.enabled`, 'is neither true nor false')
  if (!enabled) return []
  const resolved = settingsOf(config, { ...options, path: `${path}.config` })
  return [{ name, type, config: resolved, ...(filters !== undefined && { filters: filtersOf(filters, `${path}.filters`) }) }]
}

function filtersOf(filters: unknown, path: string): Filters<Batch> {
  if (!isObject(filters)) throw invalid(path, 'is no set of filters')
  try {
    return metricFilters(filters)
  } catch (thrown) {
    throw invalid(path, toError(thrown).message, thrown instanceof WaybillError ? thrown.hint : undefined)
  }
}

function settingsOf(settings: Readonly<Record<string, unknown>>, options: ExporterEntriesOptions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const at = { ...options, path: `${options.path}.${name}` }
      if (name.endsWith('_key_secret')) return [name.slice(0, -'_secret'.length), mounted(value, at)]
      return [name, resolve(value, isSecret.test(name), at)]
    }),
  )
}

const isSecret = /(^|_)(key|password|secret|token|authorization)$/i

/** The value with variables in place; a text that is secret as a `Secret`. */
function resolve(value: unknown, secret: boolean, options: ExporterEntriesOptions): unknown {
  if (Array.isArray(value)) return value.map((part) => resolve(part, secret, options))
  if (isObject(value) && !(value instanceof Secret)) return settingsOf(value, options)
  if (typeof value !== 'string') return value
  const text = value.replace(/\$\{(\w+)\}/g, (_, name: string) => variable(name, options))
  return secret ? new Secret(text) : text
}

function variable(name: string, { env = process.env, path }: ExporterEntriesOptions): string {
  const value = env[name]
  if (value) return value
  throw new WaybillError('CONFIG_UNDEFINED_VARIABLE', `the environment variable ${name} is not set`, { at: path, hint: 'set it' })
}

/** The secret of that name. */
function mounted(
  name: unknown,
  { secretsDirectory = '/etc/secrets', readFile = readText, env = process.env, path }: ExporterEntriesOptions,
): Secret {
  if (typeof name !== 'string' || !/^\w[\w.-]*$/.test(name)) throw invalid(path, 'is not the name of a secret')
  const file = join(secretsDirectory, name)
  const variable = name.replace(/[.-]/g, '_').toUpperCase()
  let value: string | undefined
  try {
    value = readFile(file).trim()
  } catch (thrown) {
    const { code = 'unreadable' } = toError(thrown) as NodeJS.ErrnoException
    value = env[variable]
    if (!value)
      throw new WaybillError(
        'CONFIG_UNREADABLE_SECRET',
        `there is no secret ${name}: cannot read ${file} (${code}), and ${variable} is not set`,
        {
          at: path,
          hint: 'mount the secret there, or set the variable',
        },
      )
  }
  if (value !== '') return new Secret(value)
  throw new WaybillError('CONFIG_UNREADABLE_SECRET', `the secret ${name} is empty: ${file}`, { at: path, hint: 'write the value into it' })
}

const readText = (path: string): string => readFileSync(path, 'utf8')

const invalid = (at: string, message: string, hint?: string): WaybillError =>
  new WaybillError('INVALID_CONFIG', message, { at, ...(hint !== undefined && { hint }) })

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
