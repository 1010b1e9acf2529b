import { rename, unlink } from 'node:fs/promises'
import { csvLine } from '../../codecs/csv/cell.ts'
import { TailedFile } from '../../files/tailed-file.ts'
import { partPaths } from './part-files.ts'
import { readHead, readRecords } from './table-head.ts'

/** In characters. */
const chunkLength = 65_536

/** Makes one file of all parts of a table, under the name of the first. Where that fails all stay as they are. */
export async function joinParts(path: string): Promise<void> {
  const parts = partPaths(path)
  if (parts.length === 1) return
  await rewrite(path, parts)
  for (const part of parts.slice(1)) await unlink(part)
}

/**
 * Puts the rows of `parts` into a file at `path`, in place of what is there, with the columns of all of them and those `added`. The
 * new file is on the device before it takes the place of the old one; where that fails nothing has changed.
 */
export async function rewrite(path: string, parts: readonly string[], added: readonly string[] = []): Promise<void> {
  const whole = `${path}.new`
  const file = await TailedFile.open(whole, { length: 0, ending: '', clean: true })
  try {
    for await (const text of chunked(linesOf(parts, added))) await file.append(text, { durable: false })
    await file.sync()
    await rename(whole, path)
  } catch (error) {
    await unlink(whole)
    throw error
  } finally {
    await file.close()
  }
}

async function* linesOf(parts: readonly string[], added: readonly string[]): AsyncGenerator<string> {
  const headers = await Promise.all(parts.map(async (part) => (await readHead(part))?.header.slice(1) ?? []))
  const columns = [...new Set([...headers.flat(), ...added])].sort()
  yield csvLine(['timestamp', ...columns])
  for (const [index, part] of parts.entries()) {
    const placeOf = new Map(headers[index]!.map((column, place) => [column, place + 1]))
    const places = columns.map((column) => placeOf.get(column) ?? 0)
    let isHeader = true
    for await (const record of readRecords(part)) {
      if (!isHeader) yield csvLine([record[0], ...places.map((place) => (place > 0 && record[place]) || undefined)])
      isHeader = false
    }
  }
}

async function* chunked(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const line of lines) {
    text += line
    if (text.length < chunkLength) continue
    yield text
    text = ''
  }
  yield text
}
