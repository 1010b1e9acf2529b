import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../core/log.ts'
import { toError } from '../core/result.ts'
import { syncFolder } from '../files/sync-folder.ts'
import type { LetterFigures } from './tally.ts'

/** What is kept of files of letters that are gone, in one file that is replaced whole. */
export interface Earlier {
  /** The number of the next file of letters. */
  readonly next: number
  /** Files that are counted here, and may still be there. */
  readonly gone: readonly number[]
  readonly figures: readonly LetterFigures[]
}

const name = 'figures.json'
const nothing: Earlier = { next: 1, gone: [], figures: [] }

/** Where it cannot be read, that is told and counting begins anew. */
export async function readEarlier(directory: string, log: Log): Promise<Earlier> {
  const path = join(directory, name)
  try {
    return { ...nothing, ...(JSON.parse(await readFile(path, 'utf8')) as Earlier) }
  } catch (thrown) {
    const error = toError(thrown) as NodeJS.ErrnoException
    if (error.code !== undefined && error.code !== 'ENOENT') throw error
    if (error.code === undefined)
      log.error('how many dead letters there have been cannot be read: counting begins anew', { file: path, error })
    return nothing
  }
}

/** Resolves when it is on the device. */
export async function writeEarlier(directory: string, earlier: Earlier): Promise<void> {
  const path = join(directory, name)
  const file = await open(`${path}.new`, 'w')
  try {
    await file.writeFile(JSON.stringify(earlier))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  await syncFolder(directory)
}
