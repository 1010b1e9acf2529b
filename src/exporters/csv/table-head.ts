import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { CsvReader } from '../../codecs/csv/reader.ts'

/** What has to be known of a file to write on in it. */
export interface TableHead {
  readonly path: string
  /** The cells of the first line. */
  readonly header: readonly string[]
  /** Of the file, in bytes. */
  readonly length: number
  /** What the last line lacks to be a line: nothing, unless a write was cut off there. */
  readonly missingEnd: string
}

/** Reads the head of a CSV file; undefined where there is none, or nothing in it. Rejects with the error of the system. */
export async function readHead(path: string): Promise<TableHead | undefined> {
  const end = await readEnd(path)
  if (end) for await (const header of readRecords(path)) return { path, header, ...end }
  return undefined
}

/** The records of a CSV file, the header first. */
export async function* readRecords(path: string): AsyncGenerator<readonly string[]> {
  const reader = new CsvReader()
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) yield* reader.push(chunk)
  const last = reader.end()
  if (last) yield last
}

/** So much is looked at to find where the last line begins. */
const endBytes = 65_536

async function readEnd(path: string): Promise<Pick<TableHead, 'length' | 'missingEnd'> | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!file) return undefined
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(endBytes), 0, endBytes, Math.max(0, size - endBytes))
    return { length: size, missingEnd: missingEnd(buffer.toString('latin1', 0, bytesRead)) }
  } finally {
    await file.close()
  }
}

function missingEnd(text: string): string {
  const line = text.slice(text.lastIndexOf('\n') + 1)
  if (line === '') return ''
  if (line.endsWith('\r')) return '\n'
  return line.split('"').length % 2 === 0 ? '"\r\n' : '\r\n'
}
