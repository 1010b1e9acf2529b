import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { WaybillError } from '../core/index.ts'

/** How far an export in steps has come: stands beside the file that is being written, and goes when that is complete. */
export interface Journal {
  /** What was asked for; only the same question is gone on with. */
  readonly question: string
  readonly startMs: number
  readonly endMs: number
  readonly collectionTimeMs: number
  /** How many steps are written, with how many rows, and how many bytes these take. */
  readonly steps: number
  readonly rows: number
  readonly bytes: number
}

const version = 1

export const journalPath = (path: string): string => `${path}.progress`

/** The journal beside a file; undefined when there is none. Throws WaybillError when it belongs to another question or cannot be read. */
export async function readJournal(path: string, question: string): Promise<Journal | undefined> {
  const text = await readFile(journalPath(path), 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return undefined
    throw new WaybillError('FILE_UNREADABLE', `cannot read ${journalPath(path)} (${thrown.code})`, { cause: thrown })
  })
  if (text === undefined) return undefined
  const journal = parsed(text)
  if (journal?.version !== version) throw cannotGoOn(path, 'its notes cannot be read')
  if (journal.question !== question) throw cannotGoOn(path, 'it was begun with other options')
  return journal
}

const cannotGoOn = (path: string, why: string) =>
  new WaybillError('INVALID_OPTION', `cannot go on with ${path}: ${why}`, { hint: 'leave out --resume to begin again' })

function parsed(text: string): (Journal & { readonly version: number }) | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Replaces it as a whole. */
export async function writeJournal(path: string, journal: Journal): Promise<void> {
  await writeFile(`${journalPath(path)}.new`, JSON.stringify({ version, ...journal }))
  await rename(`${journalPath(path)}.new`, journalPath(path))
}

export const removeJournal = (path: string): Promise<void> => rm(journalPath(path), { force: true })
