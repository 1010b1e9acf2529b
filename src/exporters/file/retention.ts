import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'

export interface RetentionLimits {
  /** Since the last write to a file. */
  readonly maxAgeMs: number | undefined
  /** Of all files together. */
  readonly maxTotalBytes: number | undefined
}

export interface Retention extends RetentionLimits {
  readonly directory: string
  /** Whether a file of that name is the exporter's. */
  readonly owns: (fileName: string) => boolean
  /** Paths of files in use: they count, but stay. */
  readonly inUse: ReadonlySet<string>
  readonly nowMs: number
}

export interface KeptFile {
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
}

/** Deletes files that are too old, then the oldest until the rest is within the limit, and gives each one that it deleted. */
export async function* retain({ maxAgeMs, maxTotalBytes, directory, owns, inUse, nowMs }: Retention): AsyncGenerator<KeptFile> {
  if (maxAgeMs === undefined && maxTotalBytes === undefined) return
  const files = await list(directory, owns)
  let total = files.reduce((sum, file) => sum + file.bytes, 0)
  for (const file of files) {
    const tooOld = maxAgeMs !== undefined && nowMs - file.modifiedMs > maxAgeMs
    const tooMuch = maxTotalBytes !== undefined && total > maxTotalBytes
    if (inUse.has(file.path) || !(tooOld || tooMuch)) continue
    await unlink(file.path)
    total -= file.bytes
    yield file
  }
}

/** Oldest first. */
async function list(directory: string, owns: (fileName: string) => boolean): Promise<readonly KeptFile[]> {
  const files: KeptFile[] = []
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (!entry.isFile() || !owns(entry.name)) continue
    const path = join(directory, entry.name)
    const { size, mtimeMs } = await stat(path)
    files.push({ path, bytes: size, modifiedMs: mtimeMs })
  }
  return files.sort((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1))
}
