import { existsSync, rmdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deadLetterFolder } from '../../../agent/dead-letters.ts'

/** Where a monitor keeps what no output took. */
export interface KeepingPlace {
  readonly dataDir: string
  /** Where dead letters are, if there are any. */
  deadLetters(): string | undefined
  /** Removes it, unless it was named by the user. */
  remove(): Promise<void>
}

/** The directory that was named, or else a new one for temporary files: two monitors of one user do not get in each other's way. */
export async function keepingPlace(named: string | undefined): Promise<KeepingPlace> {
  const dataDir = named ?? (await mkdtemp(join(tmpdir(), 'waybill-undelivered-')))
  if (named === undefined) process.on('exit', () => removeIfEmpty(dataDir))
  const letters = join(dataDir, deadLetterFolder)
  return {
    dataDir,
    deadLetters: () => (existsSync(letters) ? letters : undefined),
    remove: async () => {
      if (named === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // It is gone already, or holds what was not delivered.
  }
}
