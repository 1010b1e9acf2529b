import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../../core/context.ts'
import { WaybillError } from '../../core/errors.ts'
import type { FileLayer } from './file-layer.ts'
import { lockName } from './recover.ts'

interface Owner {
  readonly pid: number
  /** Changes with each process that gets the same pid; absent where the system does not tell. */
  readonly started?: string
}

/**
 * Takes a folder for this process; the function that it gives lets go of it. What a dead process left behind is taken over: a
 * process counts as alive when its pid is and began when the lock says. Rejects with WaybillError `BUFFER_IN_USE`.
 */
export async function takeFolder(files: FileLayer, folder: string, { log }: Pick<Context, 'log'>): Promise<() => Promise<void>> {
  const path = join(folder, lockName)
  const own = JSON.stringify(ownerOf(process.pid))
  for (;;) {
    if (await create(files, path, own)) return () => files.remove(path)
    const text = await contents(files, path)
    const owner = text === undefined ? undefined : parse(text)
    if (owner && isAlive(owner))
      throw new WaybillError('BUFFER_IN_USE', `the buffer in ${folder} is in use by process ${owner.pid}`, {
        hint: 'stop that process, or give each buffer a directory of its own',
        at: path,
      })
    if (text !== undefined) log.info('a process that used the buffer ended without letting go of it', { file: path, pid: owner?.pid })
    await files.remove(path)
  }
}

async function create(files: FileLayer, path: string, text: string): Promise<boolean> {
  try {
    const file = await files.open(path, 'create')
    await file.write(Buffer.from(text), 0).finally(() => file.close())
    return true
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw thrown
  }
}

/** Undefined when the file has gone meanwhile. */
async function contents(files: FileLayer, path: string): Promise<string | undefined> {
  try {
    const file = await files.open(path, 'read')
    return await file
      .read(0, 4096)
      .then(String)
      .finally(() => file.close())
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}

function parse(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Owner
    return Number.isSafeInteger(owner.pid) && owner.pid > 0 ? owner : undefined
  } catch {
    return undefined
  }
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return started === undefined || ownerOf(pid).started === started
}

/** On Linux by the boot and the clock tick in which the process began: field 22 of /proc/<pid>/stat, behind the name in parentheses. */
function ownerOf(pid: number): Owner {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const tick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return { pid, started: `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${tick}` }
  } catch {
    return { pid }
  }
}
