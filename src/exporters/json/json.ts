import { resolve } from 'node:path'
import { seriesText } from '../../codecs/text/series-text.ts'
import { RecordingExporter } from '../../files/recording-exporter.ts'
import { defineExporter, SeriesCache, WaybillError, z } from '../../sdk.ts'
import { JsonArray } from './json-array.ts'

const noFilename = "JSON exporter requires 'filename' configuration"

const config = z.strictObject({
  filename: z.string(noFilename).min(1, noFilename).describe('The file. Its folder is made when it is missing.'),
  append: z
    .boolean()
    .default(false)
    .describe(
      'Whether to write on in a file that is there. Otherwise the first element replaces it; later starts of one exporter never do.',
    ),
  pretty: z.boolean().default(false).describe('Indent by two spaces.'),
  names: z
    .enum(['series', 'metric'])
    .default('series')
    .describe('What names a value: `series` is the name with its labels, `load{core=0}`; `metric` is the name alone.'),
  timeZone: z.enum(['utc', 'local']).default('utc').describe('Of `time`: `Z`, or the offset of this machine.'),
  sync: z.boolean().default(false).describe('Answer only when the elements are on the device (fsync), not just with the operating system.'),
})

export interface JsonExporterOptions extends z.input<typeof config> {
  /** Default: `json`. */
  readonly name?: string
}

/**
 * Writes metrics to a file that is a JSON array after every write, an element `{ timestamp, time, metrics }` for each time. `ok`
 * means that the operating system has the elements.
 */
export class JsonExporter extends RecordingExporter {
  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'json', ...options }: JsonExporterOptions) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of JsonExporter: ${z.prettifyError(parsed.error)}`)
    const { filename, names, ...rest } = parsed.data
    const keys = new SeriesCache((series) => (names === 'series' ? seriesText(series) : series.name))
    super(name, new JsonArray({ ...rest, path: resolve(filename), nameOf: keys.get.bind(keys) }))
  }
}

/** Writes metrics as a JSON array. */
export default defineExporter({
  type: 'json',
  summary: 'Writes metrics to a file that is a JSON array at every moment.',
  stability: 'beta',
  signals: ['metrics'],
  config,
  traits: {
    formats: 'one JSON array',
    compression: 'none',
    authentication: 'none',
    order: 'as given',
    repeats: 'twice',
    limits: 'none',
    tested: 'full disks, kills',
  },
  create: ({ name, config }) => new JsonExporter({ ...config, name }),
})
