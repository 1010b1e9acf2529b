/** A folder for one test, and what an exporter has written into one. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { gunzipSync } from 'node:zlib'

/** A new folder, removed after the test. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'waybill-file-'))
  t.after(() => rm(directory, { recursive: true }))
  return directory
}

/** The text of every file in the folder, unpacked, by its name. */
export async function contentsOf(directory: string): Promise<Record<string, string>> {
  const contents: Record<string, string> = {}
  for (const name of (await readdir(directory)).sort()) {
    const bytes = await readFile(join(directory, name))
    contents[name] = String(name.endsWith('.gz') ? gunzipSync(bytes) : bytes)
  }
  return contents
}

/** The values of JSON lines. */
export function jsonOf(text = '') {
  const lines = text.trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line))
}

/** The `value` of every record in every file, by the file's name. */
export async function valuesOf(directory: string): Promise<Record<string, readonly number[]>> {
  const contents = Object.entries(await contentsOf(directory))
  return Object.fromEntries(contents.map(([name, text]) => [name, jsonOf(text).map(({ value }) => value)]))
}
