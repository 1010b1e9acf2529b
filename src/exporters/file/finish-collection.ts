import { existsSync } from 'node:fs'
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ParquetFile, type ParquetOptions } from '../../codecs/parquet/parquet.ts'
import { syncFolder } from '../../files/sync-folder.ts'
import { batchesIn } from './collection.ts'

/**
 * Makes a Parquet file of a collection, which goes when the file is on the device. It gets the name asked for, or where that is taken the
 * next one, `-1`, `-2` … before its extension, and is there whole or not at all. Gives its path; undefined where there was no batch.
 */
export async function finishCollection(collection: string, finalPath: string, options: ParquetOptions): Promise<string | undefined> {
  const draft = `${finalPath}.draft`
  try {
    const handle = await open(draft, 'w')
    let hasBatches: boolean
    try {
      hasBatches = await writeAll(handle, collection, options)
      await handle.datasync()
    } finally {
      await handle.close()
    }
    const path = hasBatches ? await publish(draft, finalPath) : undefined
    // Before the collection: as long as that is there, somebody clears away what else is left.
    await rm(draft, { force: true })
    await syncFolder(dirname(finalPath))
    await rm(collection)
    return path
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeAll(handle: FileHandle, collection: string, options: ParquetOptions): Promise<boolean> {
  const file = new ParquetFile(options)
  let hasBatches = false
  for await (const batch of batchesIn(collection)) {
    await handle.writeFile(file.add(batch))
    hasBatches = true
  }
  if (hasBatches) await handle.writeFile(file.end())
  return hasBatches
}

/** A link fails where a rename would write over what is there. */
async function publish(draft: string, finalPath: string): Promise<string> {
  for (let number = 0; ; number++) {
    const path = number === 0 ? finalPath : finalPath.replace(/(?=\.parquet$)/, `-${number}`)
    try {
      await link(draft, path)
      return path
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException
      if (code === 'EEXIST') continue
      if (!withoutLinks.has(code) || existsSync(path)) throw thrown
      await rename(draft, path)
      return path
    }
  }
}

/** What file systems say that have no hard links. */
const withoutLinks: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])
