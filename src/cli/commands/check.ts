import { loadFile } from '../../agent/config/load.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'

/** `waybill check`: the errors of a configuration, one a line, or that there is none. */
export async function check(file: string): Promise<number> {
  const { sources, receivers, processors, exporters, file: content } = await loadFile(file)
  const inputs = sources.length + receivers.length
  print(
    `${file}: no errors. Inputs: ${inputs}, processors: ${processors.length}, exporters: ${exporters.length}, pipelines: ${content.pipelines.length}.\n`,
  )
  return exitCodes.ok
}
