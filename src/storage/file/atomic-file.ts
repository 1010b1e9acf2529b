import { randomUUID } from 'node:crypto'
import { type FileHandle, link, lstat, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder, syncFolder } from '../../files/index.ts'

/**
 * Files that are there whole or not at all: written under another name in the same folder, put on the device, then given their
 * own name. A writer that is killed leaves at most the file of the other name.
 */

const temporary = /^\.waybill-[\da-f-]{36}\.tmp$/

/** Whether a file of that name is one that is being written, or was when its writer died. */
export const isTemporary = (name: string): boolean => temporary.test(name)

/** How a finished file gets its name: `replace` whatever has it, or `add` only where nothing has. */
export type Placing = 'replace' | 'add'

export interface Writing {
  readonly placing: Placing
  fill(handle: FileHandle): Promise<void>
  /** Told before anything is in it that the folder was not there: the name it now has is not on the device. */
  onNewFolder(): void
}

/**
 * Writes what `fill` writes to the file at `path`, whose folder is made. Durable in its folder when it resolves, to whether the
 * file got its name. Rejects with the error of the system, or of `fill`, and leaves nothing.
 */
export async function writeWhole(path: string, { placing, fill, onNewFolder }: Writing): Promise<boolean> {
  const folder = dirname(path)
  const { handle, name } = await openTemporary(folder, onNewFolder)
  try {
    try {
      await fill(handle)
      await handle.sync()
    } finally {
      await handle.close()
    }
    const placed = placing === 'replace' ? await rename(name, path).then(() => true) : await addAs(name, path)
    await syncFolder(folder)
    return placed
  } finally {
    await rm(name, { force: true })
  }
}

/** Removes what writers left behind in a folder that have not written since `beforeMs`, in milliseconds since the epoch. */
export async function removeLeftovers(folder: string, beforeMs: number): Promise<void> {
  for (const name of (await readdir(folder)).filter(isTemporary)) {
    const path = join(folder, name)
    const info = await lstat(path).catch(() => undefined)
    if (info && info.mtimeMs < beforeMs) await rm(path, { force: true })
  }
}

/** The folder may be removed, for being empty, between its making and the opening of a file in it: then both are done again. */
async function openTemporary(folder: string, onNewFolder: () => void): Promise<{ handle: FileHandle; name: string }> {
  const name = join(folder, `.waybill-${randomUUID()}.tmp`)
  for (let tries = 1; ; tries++) {
    try {
      if (tries > 1) {
        await makeFolder(folder)
        onNewFolder()
      }
      return { handle: await open(name, 'wx'), name }
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 10) throw thrown
    }
  }
}

const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** A rename would replace what is there, a link does not; where the file system has no links, looking first has to do. */
async function addAs(name: string, path: string): Promise<boolean> {
  try {
    await link(name, path)
    return true
  } catch (thrown) {
    const { code = '' } = thrown as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (!withoutLinks.has(code)) throw thrown
    if (await lstat(path).catch(() => undefined)) return false
    await rename(name, path)
    return true
  }
}
