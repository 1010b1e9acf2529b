import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { WaybillError } from '../core/errors.ts'
import { toError } from '../core/result.ts'
import { makeFolder } from '../files/make-folder.ts'

/** What the running agent says of itself to other commands: `agent.json` in its data directory. */
export interface AgentFile {
  readonly pid: number
  /** Base URL of its HTTP API; absent when that is off. */
  readonly api?: string
}

const fileName = 'agent.json'

/** Makes the directory and takes it for this process. Rejects with WaybillError `DATA_DIR_IN_USE` or `DESTINATION_UNAVAILABLE`. */
export async function claimDataDir(dataDir: string): Promise<void> {
  const other = readAgentFile(dataDir)
  if (other && other.pid !== process.pid && isAgent(other.pid)) {
    throw new WaybillError('DATA_DIR_IN_USE', `another agent (process ${other.pid}) uses ${resolve(dataDir)}`, {
      hint: 'stop it, or give this one its own --data-dir',
    })
  }
  try {
    await makeFolder(resolve(dataDir))
    writeAgentFile(dataDir, { pid: process.pid })
  } catch (thrown) {
    const { code } = toError(thrown) as NodeJS.ErrnoException
    throw new WaybillError('DESTINATION_UNAVAILABLE', `cannot write to the data directory ${resolve(dataDir)} (${code})`, {
      cause: thrown,
      hint: 'choose another one with --data-dir',
    })
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

/** Gives the directory up again. */
export function releaseDataDir(dataDir: string): void {
  rmSync(join(dataDir, fileName), { force: true })
}

/** Whether that process runs and is an agent: after a crash the number may belong to something else, also of another user. */
function isAgent(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    if ((toError(thrown) as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  if (process.platform !== 'linux') return true
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('waybill')
  } catch {
    return false
  }
}
