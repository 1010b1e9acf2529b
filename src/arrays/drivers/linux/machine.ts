import { execFile } from 'node:child_process'
import { readdir, readFile, realpath, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A machine as far as it is read here: files by their usual paths, and what a command prints. What is not there is undefined. */
export interface Machine {
  /** Without white space at its end. */
  text(path: string): Promise<string | undefined>
  list(path: string): Promise<readonly string[]>
  /** Where links lead. */
  real(path: string): Promise<string>
  /** In bytes. */
  space(path: string): Promise<Space | undefined>
  run(command: string, ...args: readonly string[]): Promise<string | undefined>
}

export interface Space {
  readonly total: number
  /** For those who are not root. */
  readonly free: number
  readonly used: number
}

const commandWithinMs = 5_000
const execute = promisify(execFile)

/** The machine of this process; its files below another root, for tests. */
export const machineAt = (root = '/'): Machine => ({
  text: (path) => readFile(join(root, path), 'utf8').then((text) => text.trimEnd(), missing),
  list: (path) => readdir(join(root, path)).catch(() => []),
  real: (path) => realpath(join(root, path)).catch(() => path),
  space: async (path) => {
    const found = await statfs(path).catch(missing)
    if (!found) return undefined
    const { bsize, blocks, bfree, bavail } = found
    return { total: bsize * blocks, free: bsize * bavail, used: bsize * (blocks - bfree) }
  },
  // What tells of an ill disk ends with another code than 0.
  run: (command, ...args) =>
    execute(command, args, { timeout: commandWithinMs, maxBuffer: 1 << 20 }).then(
      ({ stdout }) => stdout,
      ({ stdout }: { readonly stdout?: string }) => stdout || undefined,
    ),
})

const missing = () => undefined
