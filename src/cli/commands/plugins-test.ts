import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { pluginsIn } from '../../agent/catalogue.ts'
import { check } from '../../agent/config/shape.ts'
import { createHost } from '../../agent/host.ts'
import { importThirdParty } from '../../agent/third-party.ts'
import type { Batch } from '../../core/batch.ts'
import { WaybillError } from '../../core/errors.ts'
import type { EventExporter } from '../../core/exporter.ts'
import { silent } from '../../core/log.ts'
import type { AnyPlugin, ExporterPlugin } from '../../core/plugin.ts'
import type { z } from '../../sdk.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'
import { type PluginOutcome, report, summary } from './plugin-trial/report.ts'
import { tryPlugin } from './plugin-trial/trial.ts'
import { textIn } from './text-in.ts'

export interface PluginsTestOptions {
  /** What stands under `config:`, as YAML in a file. */
  readonly config?: string
  /** A file for the report; `true` for the usual one. */
  readonly report?: string | true
}

const usualReport = 'waybill-plugin-report.md'

/** `waybill plugins test`: runs the contract of exporters on those that a file exports. */
export async function pluginsTest(file: string, options: PluginsTestOptions): Promise<number> {
  const module = await importThirdParty(resolve(file), '.')
  const plugins = pluginsIn(module, file).filter((plugin): plugin is ExporterPlugin => plugin.kind === 'exporter')
  if (plugins.length === 0)
    throw new WaybillError('PLUGIN_INVALID', `${file} exports no exporter`, {
      hint: 'the contract is one of exporters; others are tested by their own tests',
    })
  const config: unknown = options.config === undefined ? undefined : parse(textIn(options.config, '--config'))
  const tried: PluginOutcome[] = []
  for (const plugin of plugins) {
    const settings = settingsOf(plugin, config)
    // One that cannot be made is told once, not by every case.
    created(plugin, settings)
    const outcomes = await tryPlugin({ plugin, module, create: (plugin) => created(plugin, settings) })
    tried.push({ type: plugin.type, outcomes })
    print(`${linesOf({ type: plugin.type, outcomes }).join('\n')}\n`)
  }
  if (options.report !== undefined) write(options.report === true ? usualReport : options.report, report(file, tried, new Date()))
  return tried.some(({ outcomes }) => outcomes.some(({ status }) => status === 'failed')) ? exitCodes.failure : exitCodes.ok
}

/** As the agent would check them. Throws WaybillError `CONFIG_INVALID_VALUE`. */
function settingsOf({ type, config: schema }: AnyPlugin, given: unknown): unknown {
  if (!schema) return undefined
  const { value, problems } = check(schema as z.ZodType, given ?? {})
  if (problems.length === 0) return value
  const told = problems.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
  throw new WaybillError('CONFIG_INVALID_VALUE', `the settings of ${type}: ${told.join('; ')}`, {
    hint: 'give them in a file after --config',
  })
}

const created = (plugin: ExporterPlugin, config: unknown): EventExporter<Batch> =>
  plugin.create({
    name: plugin.type,
    config: config as never,
    host: createHost(plugin, { dataDir: join(tmpdir(), `waybill-plugins-test-${process.pid}`), log: silent }),
  })

const marks = { passed: 'ok    ', failed: 'FAILED', unseen: '-     ' } as const

function linesOf({ type, outcomes }: PluginOutcome): readonly string[] {
  const lines = outcomes.flatMap(({ name, status, error }) => [
    `${marks[status]} ${name}`,
    ...(error ? error.message.split('\n').map((line) => `       ${line}`) : []),
  ])
  return [`${type}: ${summary(outcomes)}`, ...lines]
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (thrown) {
    throw new WaybillError('DESTINATION_UNAVAILABLE', `cannot write ${file} (${(thrown as NodeJS.ErrnoException).code})`, {
      hint: 'name another file after --report',
      cause: thrown,
    })
  }
  print(`written to ${file}\n`)
}
