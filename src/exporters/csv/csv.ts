import { resolve } from 'node:path'
import { withoutFormula } from '../../codecs/csv/cell.ts'
import { longLayout, wideLayout } from '../../codecs/csv/sample-layout.ts'
import { seriesText } from '../../codecs/text/series-text.ts'
import { RecordingExporter } from '../../files/recording-exporter.ts'
import { defineExporter, SeriesCache, size, WaybillError, z } from '../../sdk.ts'
import { CsvTable } from './csv-table.ts'

const noFilename = "CSV exporter requires 'filename' configuration"

const config = z.strictObject({
  filename: z.string(noFilename).min(1, noFilename).describe('The file. Its folder is made when it is missing.'),
  append: z
    .boolean()
    .default(false)
    .describe('Whether to write on in a file that is there. Otherwise the first row replaces it; later starts of one exporter never do.'),
  format: z
    .enum(['wide', 'long'])
    .default('wide')
    .describe('`wide`: a row for each time, a column for each series. `long`: a row for each value, as timestamp, metric, value.'),
  widenUpTo: size()
    .prefault('1MiB')
    .describe('When a series comes later, a file smaller than this is written again with the further column; 0 for never.'),
  newColumns: z
    .enum(['part', 'rewrite'])
    .default('part')
    .describe('From then on rows go on in another file, `name.part2.csv`. `rewrite`: when the exporter stops, all become one file.'),
  names: z
    .enum(['series', 'metric'])
    .default('series')
    .describe('What names a column: `series` is the name with its labels, `load{core=0}`; `metric` is the name alone.'),
  timeZone: z.enum(['utc', 'local']).default('utc').describe('Of the times in the wide format: `Z`, or the offset of this machine.'),
  neutralizeFormulas: z
    .boolean()
    .default(false)
    .describe('Put an apostrophe before names that a spreadsheet would take for a formula, such as `=1+1`.'),
  maxColumns: z.int().min(1).default(10_000).describe('Of the wide format. Points of further series are rejected.'),
  sync: z.boolean().default(false).describe('Answer only when the rows are on the device (fsync), not just with the operating system.'),
})

export interface CsvExporterOptions extends z.input<typeof config> {
  /** Default: `csv`. */
  readonly name?: string
}

/**
 * Writes metrics to a CSV file, a row for each time or each value. Every row has the cells of its header, whatever comes later.
 * `ok` means that the operating system has the rows.
 */
export class CsvExporter extends RecordingExporter {
  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'csv', ...options }: CsvExporterOptions) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of CsvExporter: ${z.prettifyError(parsed.error)}`)
    const { filename, format, newColumns, names, timeZone, neutralizeFormulas, ...rest } = parsed.data
    const columns = new SeriesCache((series) => {
      const text = names === 'series' ? seriesText(series) : series.name
      return neutralizeFormulas ? withoutFormula(text) : text
    })
    const layout = format === 'wide' ? wideLayout(timeZone) : longLayout
    const table = { ...rest, path: resolve(filename), layout, nameOf: columns.get.bind(columns), join: newColumns === 'rewrite' }
    super(name, new CsvTable(table))
  }
}

/** Writes metrics as CSV. */
export default defineExporter({
  type: 'csv',
  summary: 'Writes metrics to a CSV file, a column for each series or a row for each value.',
  stability: 'beta',
  signals: ['metrics'],
  config,
  traits: {
    formats: 'CSV (RFC 4180), wide or long',
    compression: 'none',
    authentication: 'none',
    order: 'as given',
    repeats: 'twice',
    limits: '`max_columns`; points of further series are rejected',
    tested: 'other CSV readers, full disks, kills',
  },
  create: ({ name, config }) => new CsvExporter({ ...config, name }),
})
