import { loadFile } from '../../agent/config/load.ts'
import { suggest } from '../../agent/config/names.ts'
import { createHost } from '../../agent/host.ts'
import { WaybillError } from '../../core/errors.ts'
import { silent } from '../../core/log.ts'
import type { WindowsExporter } from '../../exporters/windows/windows.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'
import { Screen } from '../screen.ts'

export interface BackfillOptions {
  readonly from: string
  readonly to?: string
  readonly dataDir?: string
}

/** `waybill backfill`: makes the windows that an exporter has stored anew from the shorter ones, with a progress bar on a terminal. */
export async function backfill(file: string, name: string, options: BackfillOptions): Promise<number> {
  const config = await loadFile(file)
  const dataDir = options.dataDir ?? config.file.dataDir
  const found = config.exporters.filter(({ plugin }) => plugin.type === 'windows')
  const resolved = found.find((exporter) => exporter.name === name)
  if (!resolved)
    throw new WaybillError('INVALID_OPTION', `${file} has no exporter ${name} of type windows`, {
      hint: suggest(
        name,
        found.map((exporter) => exporter.name),
      ),
    })
  const { plugin, config: settings } = resolved
  const exporter = plugin.create({ name, config: settings as never, host: createHost(plugin, { dataDir, log: silent }) }) as WindowsExporter
  const screen = new Screen(process.stderr)
  const counts = new Map<string, { made: number; empty: number; failed: number }>()
  const ending = new AbortController()
  process.once('SIGINT', () => ending.abort())
  await exporter.backfill(timeOf(options.from), options.to === undefined ? new Date() : timeOf(options.to), {
    signal: ending.signal,
    onProgress({ resolution, done, total, window, outcome }) {
      const count = counts.get(resolution) ?? { made: 0, empty: 0, failed: 0 }
      counts.set(resolution, count)
      if (outcome.status === 'exported') count.made++
      else if ('error' in outcome) count.failed++
      else count.empty++
      screen.status(`${resolution}  ${bar(done / total)}  ${done}/${total}  ${window.start.toISOString()}`)
      if ('error' in outcome) screen.line(`${resolution} ${window.start.toISOString()}: ${outcome.error.message}`)
    },
  })
  screen.status('')
  for (const [resolution, { made, empty, failed }] of counts)
    print(`${resolution}: ${made} made, ${empty} with nothing stored to make them of, ${failed} failed\n`)
  if (counts.size === 0) print('no window lies in that span and has closed\n')
  const failed = [...counts.values()].some((count) => count.failed > 0)
  return failed || ending.signal.aborted ? exitCodes.failure : exitCodes.ok
}

/** Twenty cells, filled to that share. */
const bar = (share: number): string => '█'.repeat(Math.round(share * 20)).padEnd(20, '░')

function timeOf(text: string): Date {
  const time = new Date(text)
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time.getTime())) return time
  throw new WaybillError('INVALID_OPTION', `${JSON.stringify(text)} is not a time`, { hint: 'write 2026-01-05 or 2026-01-05T12:00:00Z' })
}
