import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { LedgerFigures } from '../core/ledger.ts'
import { checkBooks } from './check-books.ts'

export interface AgentProcessOptions {
  /** The configuration file. It must not turn the API off; `api: { listen: "127.0.0.1:0" }` takes a free port. */
  readonly config: string
  readonly dataDir: string
  /** Further arguments for `waybill run`. */
  readonly args?: readonly string[]
  /** In addition to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** How an agent ended. */
export interface AgentExit {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

/** The agent as a process of its own, for tests that signal it, kill it and look into its books. */
export interface AgentProcess {
  readonly pid: number
  /** Base URL of its HTTP API. */
  readonly api: string
  /** What it has written so far, to standard output and error, in the order in which it came. */
  output(): string
  /** Its books. Rejects when they do not balance. */
  ledger(): Promise<LedgerFigures>
  /** Resolves when the condition holds; rejects with what the agent wrote when it has not after `limitMs` (default: ten seconds) or has ended. */
  until(condition: () => Promise<boolean>, limitMs?: number): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Ends it on the spot, as a crash would. */
  kill(): void
  readonly exited: Promise<AgentExit>
}

const command = fileURLToPath(new URL('../../bin/waybill', import.meta.url))
const pollMs = 20
const patienceMs = 20_000

/** Starts `waybill run` and resolves once everything in it has been started. It never outlives this process, and does not keep it. */
export async function startAgent(options: AgentProcessOptions): Promise<AgentProcess> {
  const { config, dataDir, args = [], env } = options
  const conditions = process.execArgv.filter((arg) => arg.startsWith('--conditions='))
  const child = spawn(process.execPath, [...conditions, command, 'run', config, '--data-dir', dataDir, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const running = follow(child)
  const api = await running
    .until('is not ready', patienceMs, () => readyAddress(dataDir, child.pid!))
    .catch((thrown) => {
      child.kill('SIGKILL')
      throw thrown
    })
  return {
    pid: child.pid!,
    api,
    output: running.output,
    ledger: () => ledgerAt(api),
    async until(condition, limitMs = patienceMs) {
      await running.until('has not come to what was waited for', limitMs, async () => (await condition()) || undefined)
    },
    signal: (signal) => child.kill(signal),
    kill: () => child.kill('SIGKILL'),
    get exited() {
      running.hold()
      return running.exited
    },
  }
}

/** Collects what the process says, ends it with this one, and waits for what it does. */
function follow(child: ChildProcess) {
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  // A test that has failed waits for it no more: then it must not keep this process, which ends it.
  const handles = [child, child.stdout as Socket, child.stderr as Socket]
  for (const handle of handles) handle.unref()
  const hold = () => {
    for (const handle of handles) handle.ref()
  }

  let over: AgentExit | undefined
  const exited = new Promise<AgentExit>((resolve) => {
    child.once('close', (code, signal) => {
      process.off('exit', end)
      over = { code, signal, output }
      resolve(over)
    })
  })

  async function until<V>(trouble: string, limitMs: number, look: () => Promise<V | undefined>): Promise<V> {
    for (const startMs = performance.now(); ; await pause(pollMs)) {
      if (over) throw new Error(`the agent ended (${over.signal ?? `code ${over.code}`}); it wrote:\n${output}`)
      const found = await look()
      if (found !== undefined) return found
      if (performance.now() - startMs > limitMs) throw new Error(`the agent ${trouble} after ${limitMs} ms; it wrote:\n${output}`)
    }
  }
  return { output: () => output, exited, hold, until }
}

/** Where the agent of that process answers, once it has started everything; what an earlier one left in the directory does not count. */
async function readyAddress(dataDir: string, pid: number): Promise<string | undefined> {
  try {
    const file = JSON.parse(readFileSync(join(dataDir, 'agent.json'), 'utf8')) as { pid: number; api?: string }
    if (file.pid !== pid || !file.api) return undefined
    const { status } = (await (await fetch(`${file.api}/readyz`)).json()) as { status: string }
    return status === 'starting' ? undefined : file.api
  } catch {
    return undefined
  }
}

async function ledgerAt(api: string): Promise<LedgerFigures> {
  const response = await fetch(`${api}/api/v1/ledger`)
  if (!response.ok) throw new Error(`the agent answered ${response.status} for its ledger: ${await response.text()}`)
  const figures = (await response.json()) as LedgerFigures
  checkBooks(figures)
  return figures
}
