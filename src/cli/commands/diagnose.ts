import { resolve } from 'node:path'
import { defaultConfig } from '../../agent/config/default.ts'
import { loadFile, loadText } from '../../agent/config/load.ts'
import { registerDestinations } from '../../agent/diagnose.ts'
import { createContext } from '../../core/context.ts'
import { silent } from '../../core/log.ts'
import { errorOf } from '../../core/result.ts'
import { createDiagnosticsExporter } from '../../diagnostics/export.ts'
import { registerProcessDiagnostics } from '../../diagnostics/process-diagnostics.ts'
import { DiagnosticService } from '../../diagnostics/service.ts'
import { makeFolder } from '../../files/make-folder.ts'
import { FileStorage } from '../../storage/file/file.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'
import { textTable } from '../text-table.ts'

export interface DiagnoseOptions {
  readonly dataDir?: string
  readonly json?: boolean
  readonly output?: string
  readonly cluster: string
}

/** `waybill diagnose`: whether this machine and the destinations of a configuration are fit for work. Sends nothing. */
export async function diagnose(file: string | undefined, options: DiagnoseOptions): Promise<number> {
  const config = file === undefined ? await loadText(defaultConfig, { path: 'the default configuration' }) : await loadFile(file)
  const dataDir = resolve(options.dataDir ?? config.file.dataDir)
  await makeFolder(dataDir)
  const service = new DiagnosticService()
  registerProcessDiagnostics(service, { dataDir })
  registerDestinations(service, config, { dataDir, log: silent })
  const startTime = new Date().toISOString()
  const results = await service.run(createContext())
  if (options.output !== undefined) {
    const exporter = createDiagnosticsExporter(options.cluster, 'waybill', new FileStorage(options.output))
    const error = errorOf(await exporter.export(new Date(startTime), { application: 'waybill', startTime, results }, createContext()))
    if (error) throw error
  }
  if (options.json) print(`${JSON.stringify({ application: 'waybill', startTime, results }, null, 2)}\n`)
  else {
    const rows = results.map(({ category, name, error, details }) => [category, name, error ? 'wrong' : 'fine', error ?? told(details)])
    print(
      `${textTable([{ title: 'what' }, { title: '' }, { title: '' }, { title: '' }], rows)
        .slice(1)
        .join('\n')}\n`,
    )
  }
  return results.some(({ error }) => error !== undefined) ? exitCodes.failure : exitCodes.ok
}

/** Details for people: `disk: 3, free: 4`. */
const told = (details: Readonly<Record<string, unknown>> = {}): string =>
  Object.entries(details)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? value.toLocaleString('en-US') : String(value)}`)
    .join(', ')
