import { existsSync } from 'node:fs'
import { readAgentFile } from '../../agent/data-dir.ts'
import { LogLevels } from '../../agent/log-levels.ts'
import { systemClock } from '../../core/clock.ts'
import { formatDuration } from '../../core/duration.ts'
import { WaybillError } from '../../core/errors.ts'
import { type FilterText, parseFilter } from '../../dead-letters/letter-filter.ts'
import type { AgentApiOptions } from '../agent-api.ts'
import { exitCodes } from '../exit-codes.ts'
import { createLog } from '../log.ts'
import { print } from '../print.ts'
import { Screen } from '../screen.ts'
import { textTable } from '../text-table.ts'
import type { DeadLetterAccess, Progress } from './dlq-access.ts'
import { lettersOfAgent } from './dlq-of-agent.ts'
import { lettersOfFolder } from './dlq-of-folder.ts'
import { wholeNumber } from './whole-number.ts'

export type DlqOptions = AgentApiOptions & FilterText & { readonly config?: string }
type Tried = { readonly dryRun?: boolean }

/** `waybill dlq list`: what waits as a table, and below it the figures. */
export function list({ limit, ...options }: DlqOptions & { readonly limit: string }): Promise<number> {
  const most = wholeNumber('--limit', limit, 1, Number.MAX_SAFE_INTEGER)
  return using(options, async (letters, filter) => {
    const rows: string[][] = []
    for await (const letter of letters.list(filter, most)) {
      rows.push([letter.id, letter.exporter, letter.reason, String(letter.attempts), letter.last, letter.signal, short(letter.error)])
    }
    const titles = ['id', 'exporter', 'reason', 'attempts', 'given up', 'signal', 'error']
    const lines = rows.length > 0 ? [...textTable(titles.map(titled), rows), ''] : []
    const more = rows.length === most ? (await letters.count(filter)) - most : 0
    if (more > 0) lines.splice(-1, 0, `and ${more.toLocaleString('en-US')} more: see --limit`)
    const figures = await letters.figures()
    const below = figures.length > 0 ? figuresTable(figures) : ['there are no dead letters']
    print(`${[...lines, ...below].join('\n')}\n`)
    return exitCodes.ok
  })
}

/** `waybill dlq show`: one with its record, as JSON. */
export function show(id: string, options: DlqOptions): Promise<number> {
  return using(options, async (letters) => {
    const letter = await letters.find(id)
    if (!letter) throw new WaybillError('INVALID_OPTION', `no dead letter ${id} waits`, { hint: 'waybill dlq list shows those that do' })
    print(`${JSON.stringify(letter, null, 2)}\n`)
    return exitCodes.ok
  })
}

/** `waybill dlq export`: those that are meant, as JSON lines; with `--records` only the records. */
export function exportLetters({ records, ...options }: DlqOptions & { readonly records?: boolean }): Promise<number> {
  return using(options, async (letters, filter) => {
    for await (const letter of letters.list(filter)) print(`${JSON.stringify(records ? letter.record : letter)}\n`)
    return exitCodes.ok
  })
}

/** `waybill dlq purge`: lets go of those that are meant, for good. */
export function purge({ dryRun, all, ...options }: DlqOptions & Tried & { readonly all?: boolean }): Promise<number> {
  return using(options, async (letters, filter) => {
    if (!all && Object.values(filter).every((value) => value === undefined))
      throw new WaybillError('INVALID_OPTION', 'this would purge every dead letter', {
        hint: 'say which by --exporter, --reason, --from or --to, or --all',
      })
    print(dryRun ? `${words(await letters.count(filter))} would be purged\n` : `${words(await letters.purge(filter))} purged\n`)
    return exitCodes.ok
  })
}

/** `waybill dlq replay`: hands those that are meant to their exporters again, or to another. */
export function replay({ dryRun, rate, target, ...options }: DlqOptions & Tried & { readonly rate?: string; readonly target?: string }) {
  const recordsPerSecond = rate === undefined ? undefined : wholeNumber('--rate', rate, 1, Number.MAX_SAFE_INTEGER)
  return using(options, async (letters, filter) => {
    if (dryRun) {
      print(`${words(await letters.count(filter))} would be replayed\n`)
      return exitCodes.ok
    }
    const screen = new Screen(process.stderr)
    const ending = new AbortController()
    const end = () => ending.abort()
    process.once('SIGINT', end)
    const startMs = systemClock.monotonic()
    const onProgress = (progress: Progress) => screen.status(progressText(progress, systemClock.monotonic() - startMs))
    const done = await letters.replay(filter, { target, recordsPerSecond, signal: ending.signal, onProgress })
    process.off('SIGINT', end)
    screen.status('')
    const left = done.matched - done.replayed
    print(`${words(done.replayed)} replayed${left > 0 ? `, ${left.toLocaleString('en-US')} wait as before` : ''}\n`)
    if (done.error !== undefined) screen.line(`why the last one was not taken: ${done.error}`)
    return left > 0 ? exitCodes.failure : exitCodes.ok
  })
}

/** `replayed ████████░░░░ 10/30, 2 failed, 12s` */
export function progressText({ matched, replayed, failed }: Progress, passedMs: number): string {
  const width = 24
  const full = matched === 0 ? width : Math.min(width, Math.floor((width * (replayed + failed)) / matched))
  const counts = `${replayed.toLocaleString('en-US')}/${matched.toLocaleString('en-US')}${failed > 0 ? `, ${failed.toLocaleString('en-US')} failed` : ''}`
  return `replayed ${'█'.repeat(full)}${'░'.repeat(width - full)} ${counts}, ${formatDuration(Math.round(passedMs / 1000) * 1000)}`
}

async function using(options: DlqOptions, work: (letters: DeadLetterAccess, filter: FilterText) => Promise<number>): Promise<number> {
  const { exporter, reason, from, to } = options
  const filter = { exporter, reason, from, to }
  parseFilter(filter)
  const letters = await accessTo(options)
  try {
    return await work(letters, filter)
  } finally {
    await letters.close()
  }
}

/** Those in the data directory, through the agent that has it, if one does. */
async function accessTo({ dataDir, api, tokenFile, config }: DlqOptions): Promise<DeadLetterAccess> {
  if (api !== undefined) return lettersOfAgent(api, tokenFile)
  if (!existsSync(dataDir))
    throw new WaybillError('AGENT_UNREACHABLE', `there is no data directory ${dataDir}`, {
      hint: 'name another with --data-dir, or an agent with --api',
    })
  const log = createLog({ levels: new LogLevels({ level: 'warn' }), format: 'text', screen: new Screen(process.stderr) })
  try {
    return await lettersOfFolder({ dataDir, log, config })
  } catch (thrown) {
    const url = readAgentFile(dataDir)?.api
    if (thrown instanceof WaybillError && thrown.code === 'DATA_DIR_IN_USE' && url !== undefined) return lettersOfAgent(url, tokenFile)
    throw thrown
  }
}

const titled = (title: string) => ({ title })
const right = (title: string) => ({ title, align: 'right' as const })
const words = (count: number): string => `${count.toLocaleString('en-US')} ${count === 1 ? 'dead letter' : 'dead letters'}`
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text).replaceAll(/\s+/g, ' ')

const figuresTable = (figures: Awaited<ReturnType<DeadLetterAccess['figures']>>): string[] =>
  textTable(
    [{ title: 'exporter' }, ...['written', 'waiting', 'replayed', 'purged'].map(right)],
    figures.map(({ exporter, ...counts }) => [
      exporter,
      ...[counts.written, counts.waiting, counts.replayed, counts.purged].map((value) => value.toLocaleString('en-US')),
    ]),
  )
