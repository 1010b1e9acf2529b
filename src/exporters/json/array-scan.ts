import { type FileHandle, open } from 'node:fs/promises'
import { ArrayScanner } from './array-scanner.ts'
import { notOurArray } from './mistakes.ts'

/** What is in a file of samples. */
export interface ArrayScan {
  /** Behind the last element or, where there is none, behind the bracket: where the next one goes. In bytes. */
  readonly end: number
  readonly elements: number
  /** Of the file, in bytes. */
  readonly size: number
  /** Whether a write was cut off behind the last element. */
  readonly torn: boolean
}

const chunkBytes = 65_536
/** What a write that was cut off may leave. More is never read at once. */
const mostRest = 64 << 20

/**
 * Reads through a JSON array of samples, in the memory of one of them. Undefined where there is no file, or nothing in it. Rejects
 * with WaybillError `DESTINATION_UNAVAILABLE` for anything but such an array, whole or with its last write cut off.
 */
export async function scanArray(path: string): Promise<ArrayScan | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  try {
    return file && (await scan(path, file))
  } finally {
    await file?.close()
  }
}

async function scan(path: string, file: FileHandle): Promise<ArrayScan | undefined> {
  const scanner = new ArrayScanner()
  const chunk = Buffer.alloc(chunkBytes)
  let size = 0
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, size)
    if (bytesRead === 0) break
    const problem = scanner.push(chunk.subarray(0, bytesRead))
    if (problem) throw notOurArray(path, problem)
    size += bytesRead
  }
  if (size === 0) return undefined
  const { end, elements, isWhole } = scanner
  if (isWhole) return { end, elements, size, torn: false }
  const rest = await readText(file, end, Math.min(size - end, mostRest))
  if (end === 0 || !tornWrite.test(rest)) throw notOurArray(path, `it breaks off behind ${elements} elements`)
  return { end, elements, size, torn: true }
}

/**
 * What a write that was cut off leaves behind the last element: the beginning of a comma, a line end and one element, of which
 * further lines are indented, and behind it what it did not reach of the old ending. Anything else, such as a line that begins like
 * another element, was not left by one write.
 */
const tornWrite = /^,?(\]\n|\n{0,2}|\n {0,2}(\{[^\n]*(\n {4}[^\n]*)*(\n {0,3}\}?)?)?)$/

async function readText(file: FileHandle, from: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from)
  return buffer.toString('utf8', 0, bytesRead)
}
