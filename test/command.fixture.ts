import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const waybill = fileURLToPath(new URL('../bin/waybill', import.meta.url))

export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Ends the process with SIGKILL after this long. Default 30 s. */
  readonly timeoutMs?: number
}

/** Runs `waybill` as a process of its own and waits for its end. */
export function waybillCommand(args: readonly string[], { cwd, env, timeoutMs = 30_000 }: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [waybill, ...args], {
      ...(cwd && { cwd }),
      env: { ...process.env, NO_COLOR: '1', ...env },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
