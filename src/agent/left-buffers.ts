import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { batchRecords } from '../core/batch-records.ts'
import type { Log } from '../core/log.ts'
import { toError } from '../core/result.ts'
import { examine } from '../delivery/disk/examine.ts'
import { Keyring } from '../delivery/disk/keyring.ts'

/** The folder, inside the data directory, of the buffers on disk, each in a folder of its exporter's name. */
export const buffersFolder = 'buffers'

/** Warns of buffers on disk that are of none of `exporters`, and have records: an exporter was taken out, or buffers elsewhere now. */
export async function tellLeftBuffers(dataDir: string, exporters: ReadonlySet<string>, log: Log): Promise<void> {
  const folder = join(dataDir, buffersFolder)
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const { name } of entries.filter((entry) => entry.isDirectory() && !exporters.has(entry.name))) {
    const directory = join(folder, name)
    const found = await examine({ folder: directory, records: batchRecords, keys: new Keyring(undefined), how: 'look' }).catch(toError)
    const records = found instanceof Error ? undefined : found.pending
    if (records === 0) continue
    log.warn('a buffer on disk is of an exporter that there is not, or that buffers elsewhere: nobody delivers what waits in it', {
      exporter: name,
      directory,
      ...(records !== undefined && { records }),
    })
  }
}
