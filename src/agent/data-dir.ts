import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { WaybillError } from '../core/errors.ts'
import { toError } from '../core/result.ts'
import { type Lock, takeLock } from '../files/lock.ts'
import { makeFolder } from '../files/make-folder.ts'

/** What the running agent says of itself to other commands: `agent.json` in its data directory. */
export interface AgentFile {
  readonly pid: number
  /** Base URL of its HTTP API; absent when that is off. */
  readonly api?: string
}

const fileName = 'agent.json'
/** Room that is given up when the disk is full at a start: an agent that could not start would never deliver what waits, and so make room. */
const reserveName = 'reserve'
const reserveBytes = 65_536
/** The directories that this process has taken, by their full path. */
const locks = new Map<string, Lock>()

/** Makes the directory and takes it for this process. Rejects with WaybillError `DATA_DIR_IN_USE` or `DESTINATION_UNAVAILABLE`. */
export async function claimDataDir(dataDir: string): Promise<void> {
  const path = resolve(dataDir)
  const inUse = {
    message: (pid: number) => `another agent (process ${pid}) uses ${path}`,
    hint: 'stop it, or give this one its own --data-dir',
  }
  const take = async () => {
    await makeFolder(path)
    locks.set(path, await takeLock(join(path, 'agent.lock'), inUse))
    writeAgentFile(dataDir, { pid: process.pid })
  }
  try {
    await take().then(
      () => keepReserve(path),
      async (thrown) => {
        if ((toError(thrown) as NodeJS.ErrnoException).code !== 'ENOSPC' || !existsSync(join(path, reserveName))) throw thrown
        releaseDataDir(dataDir)
        rmSync(join(path, reserveName))
        await take()
      },
    )
  } catch (thrown) {
    if (thrown instanceof WaybillError) throw thrown
    releaseDataDir(dataDir)
    const { code } = toError(thrown) as NodeJS.ErrnoException
    throw new WaybillError('DESTINATION_UNAVAILABLE', `cannot write to the data directory ${path} (${code})`, {
      cause: thrown,
      hint: 'choose another one with --data-dir',
    })
  }
}

function keepReserve(path: string): void {
  const reserve = join(path, reserveName)
  if (existsSync(reserve)) return
  try {
    writeFileSync(reserve, Buffer.alloc(reserveBytes))
  } catch {
    rmSync(reserve, { force: true })
  }
}

/** Replaces the file at once, so that a reader never sees half of it. */
export function writeAgentFile(dataDir: string, content: AgentFile): void {
  const path = join(dataDir, fileName)
  writeFileSync(`${path}.new`, `${JSON.stringify(content)}\n`)
  renameSync(`${path}.new`, path)
}

/** What the agent of that data directory left there; undefined when there is nothing. */
export function readAgentFile(dataDir: string): AgentFile | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, fileName), 'utf8')) as AgentFile
  } catch {
    return undefined
  }
}

/** Gives the directory up again; does nothing to one that this process has not taken. */
export function releaseDataDir(dataDir: string): void {
  const path = resolve(dataDir)
  const lock = locks.get(path)
  if (!lock) return
  locks.delete(path)
  rmSync(join(path, fileName), { force: true })
  lock.release()
}
