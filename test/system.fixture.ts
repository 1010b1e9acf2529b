import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type CommandResult, waybillCommand } from './command.fixture.ts'

const waybill = fileURLToPath(new URL('../bin/waybill', import.meta.url))
const patienceMs = 20_000

export interface RunningSystem {
  readonly pid: number
  stdout(): string
  stderr(): string
  /** Resolves to what `look` finds; rejects with what was written when it has found nothing for long, or the command has ended. */
  until<V>(look: () => V | undefined | Promise<V | undefined>): Promise<V>
  /** The address that is said for that output. */
  address(output: string): Promise<string>
  signal(signal: NodeJS.Signals): void
  read(): void
  readonly exited: Promise<number | null>
}

export interface SystemProcessOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Standard output is not read before `read` is called. */
  readonly unread?: boolean
}

/** A folder that is gone when the test is over. */
export function folderFor(t: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-system-test-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** What it keeps by itself is in `cwd`, but for compiled code. */
const environment = (cwd: string) => ({ NO_COLOR: '1', TMPDIR: cwd, NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') })

/** Runs `waybill system` and waits for its end. */
export const runSystem = (args: readonly string[], { cwd, env }: SystemProcessOptions): Promise<CommandResult> =>
  waybillCommand(['system', ...args], { cwd, env: { ...environment(cwd), ...env } })

/** Runs `waybill system` in a shell's own words, and gives what it prints to either. */
export function inShell(words: string, cwd: string): string {
  const command = words.replace('waybill', `"${process.execPath}" "${waybill}"`)
  return execFileSync('bash', ['-c', `{ ${command}; } 2>&1`], { encoding: 'utf8', cwd, env: { ...process.env, ...environment(cwd) } })
}

/** Runs `waybill system` as a process of its own, which does not outlive the test. */
export function startSystem(
  t: Pick<TestContext, 'after'>,
  args: readonly string[],
  { cwd, env, unread = false }: SystemProcessOptions,
): RunningSystem {
  const child = spawn(process.execPath, [waybill, 'system', ...args], {
    cwd,
    env: { ...process.env, ...environment(cwd), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (written[name] += text))
  if (unread) child.stdout.pause()
  let over = false
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      over = true
      resolve(code)
    })
  })
  const running: RunningSystem = {
    pid: child.pid!,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    async until(look) {
      for (const deadline = Date.now() + patienceMs; ; await pause(20)) {
        const found = await look()
        if (found !== undefined) return found
        if (over || Date.now() > deadline)
          throw new Error(`${over ? 'it has ended' : 'it has not happened'}; it wrote:\n${JSON.stringify(written)}`)
      }
    },
    address: (output) => running.until(() => new RegExp(`^${output}: (http\\S+)$`, 'm').exec(written.stderr)?.[1]),
    signal: (signal) => void child.kill(signal),
    read: () => void child.stdout.resume(),
    exited,
  }
  return running
}
