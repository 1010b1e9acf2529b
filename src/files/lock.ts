import { readFileSync, rmSync } from 'node:fs'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ErrorCode, WaybillError } from '../core/errors.ts'

/** What is held by this process alone, until it lets go or ends in whatever way. */
export interface Lock {
  /** At once, so that it can be done while the process leaves. Does nothing the second time. */
  release(): void
}

export interface LockOptions {
  /** What is told when the process of that pid has it; it may be this one. */
  message(pid: number): string
  /** What to do then. */
  readonly hint: string
  /** Default: `DATA_DIR_IN_USE`. */
  readonly code?: ErrorCode
}

interface Owner {
  readonly pid: number
  /** Differs between processes that get the same pid one after another; absent where the system does not tell. */
  readonly started?: string
}

let taken = 0

/**
 * Takes a lock file: it names this process, and appears with its contents or not at all. One that a dead process left behind is taken
 * over by one of those that find it: a process counts as alive when its pid is and it began when the file says, so neither a pid used
 * again nor the pid 1 of a container started again is mistaken for the owner. Processes in containers that share a folder, but not their
 * pids, cannot see each other. Rejects with a WaybillError of the code in the options, or what the file system says.
 */
export async function takeLock(path: string, options: LockOptions): Promise<Lock> {
  const own = JSON.stringify(ownerOf(process.pid))
  const draft = `${path}.${process.pid}-${taken++}`
  await writeFile(draft, own)
  try {
    while (!(await create(path, draft, own))) await takeOver(path, options)
  } finally {
    await rm(draft, { force: true })
  }
  return lockAt(resolve(path), own)
}

/** Removes what a dead process left at `path`. A lock of its own keeps two from removing: the second would remove the first one's. */
async function takeOver(path: string, options: LockOptions): Promise<void> {
  refuseIfAlive(await contents(path), path, options)
  const turn = await takeLock(`${path}.next`, options)
  try {
    refuseIfAlive(await contents(path), path, options)
    await rm(path, { force: true })
  } finally {
    turn.release()
  }
}

/** The pid of the live process that has the lock; undefined where none has. */
export async function holderOf(path: string): Promise<number | undefined> {
  return aliveIn(await contents(path))
}

function refuseIfAlive(text: string | undefined, path: string, { message, hint, code = 'DATA_DIR_IN_USE' }: LockOptions): void {
  const pid = aliveIn(text)
  if (pid !== undefined) throw new WaybillError(code, message(pid), { hint, at: path })
}

/** The process that a lock file names, if it lives. */
function aliveIn(text: string | undefined): number | undefined {
  const owner = text === undefined ? undefined : parse(text)
  return owner && isAlive(owner) ? owner.pid : undefined
}

/** Whether the file was not there before. */
async function create(path: string, draft: string, own: string): Promise<boolean> {
  try {
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (!withoutLinks.has(error.code)) throw error
      return writeFile(path, own, { flag: 'wx' })
    })
    return true
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw thrown
  }
}

/** What file systems that have no hard links say. */
const withoutLinks: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

function lockAt(path: string, own: string): Lock {
  let held = true
  return {
    release() {
      if (held && textAt(path) === own) rmSync(path, { force: true })
      held = false
    },
  }
}

/** Undefined when there is no file. */
async function contents(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** Undefined when there is nothing that can be read. */
function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

/** Undefined when no process can have written it. */
function parse(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null
    return Number.isSafeInteger(owner?.pid) && owner!.pid! > 0 ? (owner as Owner) : undefined
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

/**
 * On Linux by the boot and the clock tick in which the process began: field 22 of /proc/<pid>/stat, counted behind the name, which
 * stands in parentheses and may hold anything. One that has ended and is only still listed (Z, X) has not `started`.
 */
function ownerOf(pid: number): Owner {
  const stat = textAt(`/proc/${pid}/stat`)
  const boot = textAt('/proc/sys/kernel/random/boot_id')
  if (stat === undefined || boot === undefined) return { pid }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return 'ZX'.includes(fields[0]!) ? { pid } : { pid, started: `${boot.trim()}/${fields[19]}` }
}
