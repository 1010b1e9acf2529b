import type { Chosen } from '../../arrays/third-party/chosen-exporters.ts'
import { configurationOf } from '../../arrays/third-party/chosen-exporters.ts'
import { WaybillError } from '../../core/errors.ts'
import type { AnyPlugin } from '../../core/plugin.ts'
import type { Problem } from './problems.ts'
import { type FileConfig, fileSchema } from './schema.ts'
import { check } from './shape.ts'

const parts = fileSchema.pick({ processors: true, exporters: true, pipelines: true })

/**
 * The configuration with what `arrays:` in it stands for: a receiver `arrays`, the exporters chosen among Waybill's and `plugins`, and a
 * pipeline to each of these. `relocate` puts a problem of what was added
 * where its user has written it.
 */
export function expandArrays(
  file: FileConfig,
  plugins: readonly AnyPlugin[],
): { file: FileConfig; problems: readonly Problem[]; relocate: (problem: Problem) => Problem } {
  if (!file.arrays) return { file, problems: [], relocate: (problem) => problem }
  const { exporters } = file
  const receivers = [...file.receivers, { name: 'arrays', type: 'arrays', enabled: true }]
  const { chosen, problems } = choose(file.arrays, plugins)
  const { value, problems: wrong } = check(parts, chosen)
  const relocate = (problem: Problem): Problem => {
    const [section, index, ...rest] = problem.path
    const name = section === 'exporters' ? chosen.exporters[Number(index) - exporters.length]?.name : undefined
    return name === undefined ? problem : { ...problem, path: ['arrays', 'exporter_settings', name, ...rest] }
  }
  const shifted = ({ path: [section, index, ...rest], ...problem }: Problem) =>
    relocate({ ...problem, path: [section!, Number(index) + exporters.length, ...rest] })
  return {
    file: {
      ...file,
      receivers,
      processors: [...file.processors, ...value!.processors],
      exporters: [...exporters, ...value!.exporters],
      pipelines: [...file.pipelines, ...value!.pipelines],
    },
    problems: [...problems, ...wrong.map(shifted)],
    relocate,
  }
}

const nothing = { processors: [], exporters: [], pipelines: [] } satisfies ReturnType<typeof configurationOf>

function choose(chosen: Chosen, plugins: readonly AnyPlugin[]): { chosen: ReturnType<typeof configurationOf>; problems: Problem[] } {
  try {
    return { chosen: configurationOf(chosen, plugins), problems: [] }
  } catch (thrown) {
    if (!(thrown instanceof WaybillError)) throw thrown
    const { code, message, hint } = thrown
    return { chosen: nothing, problems: [{ code, path: ['arrays'], message, ...(hint && { hint }) }] }
  }
}
