import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder, and those above it that are missing. Rejects with what the file system says. (`mkdir` with `recursive`
 * never returns where a folder that exists refuses with ENOENT, as /proc does.)
 */
export async function makeFolder(path: string): Promise<void> {
  const above = dirname(path)
  try {
    await makeOne(path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT' || above === path) throw thrown
    await makeFolder(above)
    await makeOne(path)
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw thrown
  }
}
