import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder } from '../../files/make-folder.ts'
import { syncFolder } from '../../files/sync-folder.ts'
import { unwritable } from '../../files/unwritable.ts'
import { Secret, toError } from '../../sdk.ts'

/** The key in a file that only this user can read; made where it is missing. Of one process. Rejects with WaybillError `DESTINATION_UNAVAILABLE`. */
export async function ownKey(path: string): Promise<Secret> {
  try {
    return new Secret(
      await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
        return made(path)
      }),
    )
  } catch (thrown) {
    throw unwritable(path, toError(thrown))
  }
}

/** The file is there whole or not at all: half a key would shut out whatever is encrypted with a whole one. */
async function made(path: string): Promise<string> {
  const key = `${randomBytes(32).toString('hex')}\n`
  await makeFolder(dirname(path))
  await writeFile(`${path}.new`, key, { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
  await syncFolder(dirname(path))
  return key
}
