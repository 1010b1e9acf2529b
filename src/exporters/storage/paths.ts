import { EventStoragePathFormatter, PartitionedPathFormatter, type PathFormatter, WindowStoragePathFormatter } from '../../paths/index.ts'
import { alignWindow, type Batch, duration, z } from '../../sdk.ts'

const root = z.string().default('').describe('Directory at the top of all paths. Empty for none.')
const cluster = z.string().min(1).describe('The cluster that the data is of, a directory.')
const subPaths = z
  .array(z.string().min(1))
  .describe('Directories below those; where paths are partitioned, above the partitions: by default the table of rows, or the signal.')
const layout = 'How paths are made: for each instant, for each window, or in directories by year, month and day.'

/** Where files lie, by `type`. What is not named is called as the data: the table of rows, or the signal. */
export const pathsConfig = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('event').describe(layout),
    root,
    cluster,
    event: z.string().min(1).optional().describe('Directory of this kind of data. Default: the table of rows, or the signal.'),
    subPaths: subPaths.default([]),
  }),
  z.strictObject({
    type: z.literal('window').describe(layout),
    root: root.default('federated'),
    cluster,
    pipeline: z.string().min(1).optional().describe('Directory of this kind of data. Default: the table of rows, or the signal.'),
    resolution: duration()
      .refine((ms) => Number.isInteger(ms) && ms > 0, 'a window has a length of whole milliseconds, 1 or more')
      .describe('Length of the windows that the data is of.'),
  }),
  z.strictObject({
    type: z.literal('partitioned').describe(layout),
    root,
    subPaths: subPaths.optional(),
  }),
])

export type PathsConfig = z.output<typeof pathsConfig>

/** The paths of data of that kind. Throws WaybillError `INVALID_OPTION` for names that are no directories. */
export function pathsFor(config: PathsConfig, kind: string): PathFormatter<Date> {
  switch (config.type) {
    case 'event':
      return new EventStoragePathFormatter({ ...config, event: config.event ?? kind })
    case 'window':
      return atWindowStart(new WindowStoragePathFormatter({ ...config, pipeline: config.pipeline ?? kind }), config.resolution)
    case 'partitioned':
      return new PartitionedPathFormatter({ root: config.root, subPaths: config.subPaths ?? [kind] })
  }
}

/** What a batch is called where the configuration has no name for it. */
export const kindOf = (batch: Batch): string => (batch.signal === 'rows' ? batch.table.name : batch.signal)

/** A pipeline hands on the data of a window at the time of its start. */
function atWindowStart(paths: WindowStoragePathFormatter, resolutionMs: number): PathFormatter<Date> {
  return {
    rootDir: () => paths.rootDir(),
    dir: () => paths.dir(),
    toFullPath: (prefix, time, extension) => paths.toFullPath(prefix, alignWindow(time.getTime(), resolutionMs), extension),
  }
}
