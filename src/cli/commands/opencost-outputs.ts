import { fileURLToPath } from 'node:url'
import { WaybillError } from '../../core/errors.ts'
import { typesOf } from '../../opencost/asset-selection.ts'
import type { DataType } from '../../opencost/export-costs.ts'
import { fileNameOf, fileTime } from '../../opencost/file-name.ts'
import type { Levels } from '../../opencost/levels.ts'

/** The options of `opencost export` about where to. */
export interface OutputOptions {
  readonly window: string
  readonly dataType?: DataType
  readonly output?: string
  readonly allocationOutput?: string
  readonly assetsOutput?: string
  readonly filterTypes?: string
}

/** Where each data type goes: a path, or `-`. */
export interface Destination {
  readonly type: DataType
  readonly to: string
  /** Whether the path was given, and not made up. */
  readonly given: boolean
}

const usage = (message: string, hint: string) => new WaybillError('INVALID_OPTION', message, { hint })

/** What is exported, and where to: both by default. Throws WaybillError `INVALID_OPTION` for options that contradict each other. */
export function destinationsOf(options: OutputOptions, levels: Levels, nowMs: number, extension: string): readonly Destination[] {
  const { dataType, output, allocationOutput, assetsOutput, window, filterTypes } = options
  if (output !== undefined && (allocationOutput !== undefined || assetsOutput !== undefined))
    throw usage('--output is for one data type', 'with both, give --allocation-output and --assets-output')
  const types: readonly DataType[] = dataType ? [dataType] : output !== undefined ? ['allocation'] : ['allocation', 'assets']
  const given = { allocation: allocationOutput, assets: assetsOutput }
  for (const type of ['allocation', 'assets'] as const)
    if (given[type] !== undefined && !types.includes(type))
      throw usage(`--${type}-output is given, and --data-type ${dataType}`, 'leave out one of them')
  const time = fileTime(nowMs)
  const made = {
    allocation: fileNameOf(['opencost_live', levels.allocations, window, time], extension),
    assets: fileNameOf(['opencost_assets', levels.assets, window, typesOf(filterTypes).join('_'), time], extension),
  }
  const destinations = types.map((type) => {
    const path = output ?? given[type]
    return { type, to: path === undefined ? made[type] : pathOf(path), given: path !== undefined }
  })
  const [first, second] = destinations
  if (second && first!.to === second.to)
    throw usage(`allocations and assets would both go to ${first!.to}`, 'give one of them another output')
  return destinations
}

function pathOf(output: string): string {
  if (output === '') throw usage('an output has no name', 'give a file, or - for standard output')
  if (!/^[a-z][a-z0-9+.-]+:/i.test(output)) return output
  const url = URL.parse(output)
  if (url?.protocol === 'file:' && url.host === '') return fileURLToPath(url)
  throw usage(`cannot export to ${output}`, 'an output is a file, a file: URL, or - for standard output')
}
