import { waitForSignal } from '../../controllers/wait-for-signal.ts'
import { createContext } from '../../core/context.ts'
import { formatDuration } from '../../core/duration.ts'
import { WaybillError } from '../../core/errors.ts'
import { type Log, silent } from '../../core/log.ts'
import { type DataType, exportCosts } from '../../opencost/export-costs.ts'
import type { CostWindow } from '../../opencost/window.ts'
import { exitCodes } from '../exit-codes.ts'
import { Screen } from '../screen.ts'
import { type ClientOptions, clientOf } from './opencost-client.ts'
import { type PlanOptions, planOf } from './opencost-plan.ts'
import { progressLine } from './opencost-progress.ts'

export interface OpencostExportOptions extends ClientOptions, PlanOptions {
  readonly failOnEmpty?: boolean
}

/** `waybill opencost export`. Words go to standard error, so that standard output is the data's. */
export async function opencostExport(options: OpencostExportOptions): Promise<number> {
  const screen = new Screen(process.stderr)
  const [ending, done] = [new AbortController(), new AbortController()]
  const log: Log = { ...silent, warn: (message) => screen.line(message) }
  const context = createContext({ signal: ending.signal, log })
  const client = clientOf(options)
  const plan = await planOf(options, client.address, context)
  void waitForSignal({ signal: done.signal }).then(() => ending.abort())
  const startMs = context.clock.monotonic()
  try {
    const onProgress = progressLine(screen, plan.steps.length, context.clock)
    const counts = await exportCosts(client, { ...plan, onProgress }, context)
    screen.status('')
    const took = formatDuration(context.clock.monotonic() - startMs)
    for (const { type, output } of plan.exports)
      screen.line(outcome(what(type, options), counts[type] ?? 0, plan.window, { to: output.destination, took }))
    const empty = Object.values(counts).every((rows) => rows === 0)
    return empty && options.failOnEmpty ? exitCodes.empty : exitCodes.ok
  } catch (thrown) {
    screen.status('')
    // A reader that has seen enough.
    if (plan.exports.length === 1 && isClosedPipe(thrown)) return exitCodes.ok
    if (!ending.signal.aborted) throw thrown
    const hint = options.step === undefined ? 'start it again' : 'the same command with --resume goes on, where its outputs are named files'
    const exported = options.to === undefined ? 'nothing is exported' : `${options.to} keeps what it has taken`
    throw new WaybillError('DESTINATION_UNAVAILABLE', `interrupted, ${exported}`, { hint })
  } finally {
    done.abort()
    await client.close()
  }
}

const isClosedPipe = (thrown: unknown): boolean =>
  thrown instanceof WaybillError && (thrown.cause as NodeJS.ErrnoException | undefined)?.code === 'EPIPE'

/** What the rows are. */
function what(type: DataType, { format }: OpencostExportOptions): string {
  const name = type === 'allocation' ? 'allocations' : 'assets'
  return format === 'focus' ? `charges for ${name}` : name
}

function outcome(what: string, rows: number, { start, end }: CostWindow, { to, took }: { to: string; took: string }): string {
  const span = `from ${start.toISOString()} to ${end.toISOString()}`
  if (rows === 0) return `nothing to export: no ${what} ${span}; nothing is written to ${to}`
  return `${rows.toLocaleString('en-US')} ${what} ${span} → ${to} (${took})`
}
