/** Real servers for tests: each a process of this machine on a free port of 127.0.0.1, started and ended by its process id. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface ServerCommand {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Whether it answers now. */
  ready(): Promise<boolean>
  /** Default: 30 s. */
  readonly readyWithinMs?: number
}

const readyWithinMs = 30_000
/** How long it may take to end by itself after SIGTERM. */
const endWithinMs = 10_000
/** What is kept of its output, from the end. */
const outputLength = 8_000

/** A server that runs. */
export class ServerProcess {
  readonly #child: ChildProcess
  readonly #program: string
  #output = ''

  /** Resolves once it answers. Rejects with the end of its output when it ends before, or takes too long. */
  static async start(command: ServerCommand): Promise<ServerProcess> {
    requireProgram(command.program)
    const server = new ServerProcess(command)
    try {
      await server.#answers(command)
      return server
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  private constructor({ program, args, env = {} }: ServerCommand) {
    this.#program = program
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    // A test that dies takes its servers with it.
    const kill = () => this.#child.kill('SIGKILL')
    process.once('exit', kill)
    this.#child.once('exit', () => process.off('exit', kill))
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-outputLength)
      })
  }

  /** The end of what it has printed. */
  get output(): string {
    return this.#output
  }

  /** Ends it, by force if it does not end by itself. */
  async stop(): Promise<void> {
    if (this.#ended) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    const force = setTimeout(() => this.#child.kill('SIGKILL'), endWithinMs)
    await ended
    clearTimeout(force)
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  async #answers({ ready, readyWithinMs: withinMs = readyWithinMs }: ServerCommand): Promise<void> {
    for (const deadline = Date.now() + withinMs; !(await ready().catch(() => false)); await pause(50)) {
      if (this.#ended) throw new Error(`${this.#program} ended with ${this.#child.exitCode ?? this.#child.signalCode}:\n${this.#output}`)
      if (Date.now() > deadline) throw new Error(`${this.#program} does not answer after ${withinMs} ms:\n${this.#output}`)
    }
  }
}

/** Throws an Error that says how to install it when a program is not there. */
export function requireProgram(program: string): void {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' })
  } catch {
    throw new Error(`${program} is not installed; run as root: scripts/servers/install.sh`)
  }
}

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
