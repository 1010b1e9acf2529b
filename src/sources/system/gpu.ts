import { type ChildProcess, execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Context, toError, withoutJitter } from '../../sdk.ts'
import type { GpuToolFormat } from './gpu-tools.ts'
import type { Gpu, Gpus } from './reading.ts'

const run = promisify(execFile)

/** A tool that is not there, fails or knows no GPU is asked again after a minute, then after two, up to every ten. */
const afterFailures = withoutJitter(60_000, 600_000)

/** The part of the interval after which the next run is due: samples come a little early or late, and one should not be passed over. */
const dueAfter = 0.9

export interface GpuToolOptions {
  readonly command: string
  readonly format: GpuToolFormat
  /** How long it may take. */
  readonly timeoutMs: number
  /** From one run to the next. */
  readonly intervalMs: number
}

/**
 * Asks a tool about GPUs without ever waiting for it: `take` gives what the last run told and begins the next, when it is
 * due. There is one run at a time; one that takes too long is killed, and one that cannot be killed is the last.
 */
export class GpuTool {
  readonly #options: GpuToolOptions
  #fresh: readonly Gpu[] = []
  #count: number | undefined
  #failures = 0
  #dueMs = Number.NEGATIVE_INFINITY
  #running = false
  /** Aborted when the run is over, or to end it. */
  #over = new AbortController()

  constructor(options: GpuToolOptions) {
    this.#options = options
  }

  /** Each measurement once; how many there are is known when the first run has ended. */
  take(context: Context): Gpus {
    const measured = this.#fresh
    this.#fresh = []
    if (!this.#running && context.clock.monotonic() >= this.#dueMs) void this.#run(context)
    return { count: this.#count, measured }
  }

  /** Ends a run that is under way. */
  stop(): void {
    this.#over.abort()
  }

  async #run({ clock, log }: Context): Promise<void> {
    const { command, format, timeoutMs, intervalMs } = this.#options
    const over = new AbortController()
    this.#over = over
    this.#running = true
    void clock.sleep(timeoutMs, over.signal).then(() => over.abort())
    const startMs = clock.monotonic()
    let child: ChildProcess | undefined
    try {
      const running = run(command, format.arguments, { windowsHide: true })
      child = running.child
      over.signal.addEventListener('abort', () => kill(running.child))
      this.#fresh = format.parse((await running).stdout)
      if (this.#fresh.length === 0) throw new Error('it names no GPU')
      this.#failures = 0
    } catch (thrown) {
      this.#failures++
      log.debug(`no GPU measured with ${command}`, { error: toError(thrown) })
    }
    over.abort()
    this.#count = this.#fresh.length
    this.#dueMs = this.#failures === 0 ? startMs + intervalMs * dueAfter : clock.monotonic() + afterFailures(this.#failures, Math.random)!
    if (child && lives(child)) await ended(child)
    this.#running = false
  }
}

/** Not by the `signal` option of execFile: under Node 24 that signals this process's own group when the command was not found. */
function kill(child: ChildProcess): void {
  if (lives(child)) child.kill('SIGKILL')
}

const lives = ({ pid, exitCode, signalCode }: ChildProcess): boolean => pid !== undefined && exitCode === null && signalCode === null

const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once('exit', resolve))
