import { fileURLToPath } from 'node:url'
import type { Context } from '../../core/context.ts'
import { WaybillError } from '../../core/errors.ts'
import { typesOf } from '../../opencost/asset-selection.ts'
import type { DataType } from '../../opencost/export-costs.ts'
import { fileNameOf, fileTime } from '../../opencost/file-name.ts'
import type { Journal } from '../../opencost/journal.ts'
import type { Levels } from '../../opencost/levels.ts'
import { FileOutput, type Output, StreamOutput } from '../../opencost/output.ts'
import { BucketOutput } from './opencost-bucket-output.ts'

/** The options of `opencost export` about where to. */
export interface OutputOptions {
  readonly window: string
  readonly dataType?: DataType
  /** An exporter of a configuration in place of files. */
  readonly to?: string
  readonly output?: string
  readonly allocationOutput?: string
  readonly assetsOutput?: string
  readonly filterTypes?: string
}

/** Where each data type goes. */
export interface Destination {
  readonly type: DataType
  /** A path, the address of a file in a bucket, the name of an exporter, or `-` for standard output. */
  readonly to: string
  /** `new-file` is one whose name was made up. */
  readonly kind: 'file' | 'new-file' | 'bucket' | 'standard-output' | 'exporter'
}

const usage = (message: string, hint: string) => new WaybillError('INVALID_OPTION', message, { hint })

/** What is exported, and where to: both by default. Throws WaybillError `INVALID_OPTION` for options that contradict each other. */
export function destinationsOf(options: OutputOptions, levels: Levels, nowMs: number, extension: string): readonly Destination[] {
  const { dataType, to, output, allocationOutput, assetsOutput, window, filterTypes } = options
  if (output !== undefined && (allocationOutput !== undefined || assetsOutput !== undefined))
    throw usage('--output is for one data type', 'with both, give --allocation-output and --assets-output')
  const types: readonly DataType[] = dataType ? [dataType] : output !== undefined ? ['allocation'] : ['allocation', 'assets']
  const given = { allocation: allocationOutput, assets: assetsOutput }
  if (to !== undefined) {
    if ([output, allocationOutput, assetsOutput].some((path) => path !== undefined))
      throw usage('--to is an exporter, and an output is given', 'leave out one of them')
    return types.map((type) => ({ type, to, kind: 'exporter' }))
  }
  for (const type of ['allocation', 'assets'] as const)
    if (given[type] !== undefined && !types.includes(type))
      throw usage(`--${type}-output is given, and --data-type ${dataType}`, 'leave out one of them')
  const time = fileTime(nowMs)
  const made = {
    allocation: fileNameOf(['opencost_live', levels.allocations, window, time], extension),
    assets: fileNameOf(['opencost_assets', levels.assets, window, typesOf(filterTypes).join('_'), time], extension),
  }
  const destinations = types.map((type): Destination => {
    const path = output ?? given[type]
    if (path === undefined) return { type, to: made[type], kind: 'new-file' }
    return { type, to: pathOf(path), kind: path === '-' ? 'standard-output' : isInBucket(path) ? 'bucket' : 'file' }
  })
  const [first, second] = destinations
  if (second && first!.to === second.to)
    throw usage(`allocations and assets would both go to ${first!.to}`, 'give one of them another output')
  return destinations
}

/** What writes to what `pathOf` gave; with a journal, a file can be gone on with. Rejects with WaybillError for a bucket that is not there. */
export async function outputTo(to: string, context: Context, journal?: Journal): Promise<Output> {
  if (to === '-') return new StreamOutput(process.stdout, 'standard output')
  return isInBucket(to) ? BucketOutput.open(to, context) : new FileOutput(to, journal)
}

/** Whether an output is the address of a bucket or of something in it. */
export const isInBucket = (output: string): boolean => /^(s3|az|gs):/i.test(output)

/** The path that an output names, the address of a file in a bucket, or `-`. Throws WaybillError `INVALID_OPTION`. */
export function pathOf(output: string): string {
  if (output === '') throw usage('an output has no name', 'give a file, or - for standard output')
  if (isInBucket(output) || !/^[a-z][a-z0-9+.-]+:/i.test(output)) return output
  const url = URL.parse(output)
  if (url?.protocol === 'file:' && url.host === '') return fileURLToPath(url)
  throw usage(`cannot export to ${output}`, 'an output is a file, a file: URL, one in a bucket (s3:, az: or gs:), or - for standard output')
}
