import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

export interface Execution {
  readonly ok: boolean
  readonly stdout: string
  /** Standard output and what stands in standard error, without blank lines at the ends. */
  readonly output: string
}

export interface ExecuteOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Runs a command without a shell. Never rejects: a command that is not there is not ok either. */
export async function execute(command: string, args: readonly string[], options: ExecuteOptions = {}): Promise<Execution> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<{ ok: boolean; failure: string }>((resolve) => {
    child.once('error', (error) => resolve({ ok: false, failure: error.message }))
    child.once('close', (code) => resolve({ ok: code === 0, failure: '' }))
  })
  const [stdout, stderr, { ok, failure }] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { ok, stdout, output: `${stdout}${stderr}${failure}`.trim() }
}
