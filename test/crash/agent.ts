import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { LedgerFigures } from '../../src/core/ledger.ts'
import { checkBooks } from '../../src/testing/check-books.ts'

const command = fileURLToPath(new URL('../../bin/waybill', import.meta.url))
const node = ['--conditions=waybill-source']

/** The agent as a process that can be killed at any moment, from its first on. */
export class Agent {
  readonly #child: ChildProcess
  readonly #dataDir: string
  #output = ''

  /** `flags`: for Node. */
  constructor(config: string, dataDir: string, flags: readonly string[] = []) {
    this.#dataDir = dataDir
    const args = [...node, ...flags, command, 'run', config, '--data-dir', dataDir]
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.setEncoding('utf8').on('data', (text) => {
        this.#output = (this.#output + text).slice(-100_000)
      })
    const kill = () => this.#child.kill('SIGKILL')
    process.once('exit', kill)
    this.#child.once('exit', () => process.off('exit', kill))
  }

  get output(): string {
    return this.#output
  }

  /** Whether it ended by itself. */
  get ended(): boolean {
    return this.#child.exitCode !== null
  }

  /** Ends it on the spot. */
  async kill(): Promise<void> {
    if (this.ended) throw this.#endedByItself()
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  /** What a module among its flags, which answers messages, has to say. Rejects when the agent ends first. */
  async ask(): Promise<unknown> {
    if (!this.#child.connected) throw this.#endedByItself()
    const over = new AbortController()
    const { signal } = over
    try {
      const answered = once(this.#child, 'message', { signal })
      const ended = once(this.#child, 'exit', { signal }).then(() => Promise.reject(this.#endedByItself()))
      this.#child.send('tell', () => {})
      const [answer] = await Promise.race([answered, ended])
      return answer
    } finally {
      over.abort()
    }
  }

  /** Its exit code. */
  async stop(): Promise<number | null> {
    const exited = once(this.#child, 'close')
    this.#child.kill('SIGTERM')
    await exited
    return this.#child.exitCode
  }

  /** Resolves once `isSo` of its books, each of which has to balance. Rejects after so many milliseconds. */
  async until(isSo: (figures: LedgerFigures) => boolean, limitMs: number): Promise<LedgerFigures> {
    for (const startMs = performance.now(); ; await pause(100)) {
      if (this.ended) throw this.#endedByItself()
      const figures = await this.#ledger()
      if (figures && isSo(figures)) return figures
      if (performance.now() - startMs > limitMs)
        throw new Error(`not after ${limitMs} ms: ${JSON.stringify(figures)}; the agent wrote:\n${this.#output}`)
    }
  }

  #endedByItself(): Error {
    return new Error(`the agent ended by itself (${this.#child.exitCode ?? this.#child.signalCode}):\n${this.#output}`)
  }

  /** Undefined while it is starting. */
  async #ledger(): Promise<LedgerFigures | undefined> {
    const api = this.#api()
    const response = api === undefined ? undefined : await fetch(`${api}/api/v1/ledger`).catch(() => undefined)
    if (!response?.ok) return undefined
    const figures = (await response.json()) as LedgerFigures
    checkBooks(figures)
    return figures
  }

  #api(): string | undefined {
    try {
      const file = JSON.parse(readFileSync(join(this.#dataDir, 'agent.json'), 'utf8')) as { pid: number; api?: string }
      return file.pid === this.#child.pid ? file.api : undefined
    } catch {
      return undefined
    }
  }
}

/** What a command prints. Rejects when it fails. */
export async function waybill(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...node, command, ...args], { maxBuffer: 1 << 30 })
  return stdout
}
