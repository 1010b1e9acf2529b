import { join } from 'node:path'
import type { FileLayer } from './file-layer.ts'

/** The name of the lock; files beside it that begin with it and a dot are on their way to be one. */
export const lockName = 'lock'

export const isLock = (name: string): boolean => name === lockName || name.startsWith(`${lockName}.`)

/** Takes a buffer's folder for this process; the function that it gives lets go of it. Rejects with WaybillError `BUFFER_IN_USE`. */
export function takeFolder(files: FileLayer, folder: string): Promise<() => void> {
  return files.lock(join(folder, lockName), {
    code: 'BUFFER_IN_USE',
    message: (pid) => `the buffer in ${folder} is in use by process ${pid}`,
    hint: 'stop that process, or give each buffer a directory of its own',
  })
}
