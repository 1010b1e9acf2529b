import type { WriteStream } from 'node:tty'
import { Agent } from '../../agent/agent.ts'
import { defaultConfig } from '../../agent/config/default.ts'
import { type LoadedConfig, loadFile, loadText } from '../../agent/config/load.ts'
import { LogLevels } from '../../agent/log-levels.ts'
import { waitForSignal } from '../../controllers/wait-for-signal.ts'
import { parseDuration } from '../../core/duration.ts'
import { toError } from '../../core/result.ts'
import { booksOf } from '../books.ts'
import { exitCodes } from '../exit-codes.ts'
import { leaveOnNextSignal } from '../leave-on-next-signal.ts'
import { createLog } from '../log.ts'
import { Screen } from '../screen.ts'
import { showStart } from '../start-lines.ts'
import { keepStatus } from '../status.ts'

export interface RunOptions {
  readonly for?: string
  readonly dataDir?: string
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error'
  readonly logFormat?: 'text' | 'json'
}

/** `waybill run`: the agent in the foreground, until a signal or the end of `--for`. */
export async function run(file: string | undefined, options: RunOptions): Promise<number> {
  if (file === undefined) return runAgent({ config: await loadText(defaultConfig, { path: 'the default configuration' }) }, options)
  return runAgent({ config: await loadFile(file), load: () => loadFile(file) }, options)
}

/** What is run; without `load` there is nothing to reload. */
export interface Configured {
  readonly config: LoadedConfig
  readonly load?: () => Promise<LoadedConfig>
}

/** The agent in the foreground, until a signal or the end of `--for`. */
export async function runAgent({ config, load }: Configured, options: RunOptions): Promise<number> {
  const forMs = options.for === undefined ? undefined : parseDuration(options.for)
  const words = new Screen(wordsGoTo(config))
  const notes = new Screen(process.stderr)
  const { format, ...levelsOf } = config.file.log
  const levels = new LogLevels({ ...levelsOf, ...(options.logLevel && { level: options.logLevel }) })
  const log = createLog({
    levels,
    format: options.logFormat ?? (format === 'json' ? 'json' : 'text'),
    screen: words.isTerminal && notes.isTerminal ? words : notes,
  })

  const stopped = new AbortController()
  const signal = waitForSignal({ signal: stopped.signal })
  const agent = await Agent.create({
    config,
    log,
    levels,
    ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
    ...(load && { load }),
  })
  void signal.then(() => leaveOnNextSignal(agent))
  const reload = () =>
    void agent.reload().catch((thrown) => log.error(`not reloaded, the old configuration goes on:\n${toError(thrown).message}`))
  process.on('SIGHUP', reload)
  await agent.start()
  for (const line of showStart(agent)) words.line(line)
  const status = keepStatus(agent, words, log)

  const reason = await Promise.race([signal, ...(forMs === undefined ? [] : [endOf(forMs, stopped.signal)])])
  if (reason !== 'time') log.info(`${reason}: delivering what is queued, then stopping; once more to leave at once`)
  await agent.stop()
  stopped.abort()
  status.end()
  words.line('')
  for (const line of booksOf(agent.figures(), { nowMs: Date.now(), width: words.width })) words.line(line)
  return agent.leftSome ? exitCodes.undelivered : exitCodes.ok
}

/** Standard output, unless a console exporter has it. */
function wordsGoTo(config: LoadedConfig): WriteStream {
  return config.exporters.some(({ plugin }) => plugin.type === 'console') ? process.stderr : process.stdout
}

function endOf(ms: number, signal: AbortSignal): Promise<'time'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('time'), ms)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}
