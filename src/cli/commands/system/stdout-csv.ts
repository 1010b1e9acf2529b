import { csvLine } from '../../../codecs/csv/cell.ts'
import { longLayout } from '../../../codecs/csv/sample-layout.ts'
import { samplesOf } from '../../../codecs/text/samples.ts'
import { seriesText } from '../../../codecs/text/series-text.ts'
import { defineExporter, type ExporterPlugin, type ExportResult, ok, type Point, retry, type Series } from '../../../core/index.ts'
import { SeriesCache } from '../../../core/series-cache.ts'

export interface StdoutCsvOptions {
  /** Default: standard output. */
  readonly stream?: NodeJS.WritableStream
  /** Called once, when nothing can be written any more: with the code `EPIPE` when the reader is gone. */
  onBroken(error: NodeJS.ErrnoException): void
}

/**
 * The exporter `stdout`: samples as long CSV on standard output. `ok` means that the stream has passed them on; a slow reader
 * stops nothing else meanwhile.
 */
export function stdoutCsv({ stream = process.stdout, onBroken }: StdoutCsvOptions): ExporterPlugin {
  const names = new SeriesCache(seriesText)
  const nameOf = (series: Series) => names.get(series)
  let header = csvLine(['timestamp', 'metric', 'value'])
  let broken: Error | undefined
  const breaks = (error: Error) => {
    if (!broken) onBroken(error)
    broken = error
  }
  stream.on('error', breaks)

  async function print(points: readonly Point[]): Promise<ExportResult> {
    if (broken) return retry(broken, { scope: 'destination' })
    const rows = samplesOf(points, nameOf).map((sample) => longLayout.lines(sample, []))
    const text = header + rows.join('')
    header = ''
    const error = await new Promise<Error | null | undefined>((resolve) => stream.write(text, resolve))
    if (!error) return ok
    breaks(error)
    return retry(error, { scope: 'destination' })
  }

  return defineExporter({
    type: 'stdout',
    summary: 'Prints samples as long CSV.',
    signals: ['metrics'],
    create: ({ name }) => ({
      name,
      export: (_time, { points }) => print(points),
    }),
  })
}
