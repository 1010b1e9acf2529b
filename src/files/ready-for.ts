import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder } from './make-folder.ts'

/**
 * Makes the folder of a file that is to be written, and sees that it can be: that the file may be written to or, where it is
 * missing, created. Rejects with what the file system says.
 */
export async function readyFor(path: string): Promise<void> {
  await makeFolder(dirname(path))
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (found?.isDirectory()) throw Object.assign(new Error(`EISDIR: ${path} is a folder`), { code: 'EISDIR' })
  await access(found ? path : dirname(path), constants.W_OK)
}
