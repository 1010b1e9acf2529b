import { join } from 'node:path'
import type { Batch } from '../core/batch.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { ExporterPlugin } from '../core/plugin.ts'
import type { Resolved } from './config/resolve.ts'
import { createHost, type HostOptions } from './host.ts'

/** The folder, inside the data directory, of the store of what no destination took. */
export const deadLetterFolder = 'dead-letters'

/** A dead-letter destination; what it keeps in the data directory is in that folder. */
export function createDeadLetter({ name, plugin, config }: Resolved<ExporterPlugin>, { dataDir, log }: HostOptions): EventExporter<Batch> {
  const host = createHost(plugin, { dataDir: join(dataDir, deadLetterFolder), log: log.child({ component: name }) })
  return plugin.create({ name, config: config as never, host })
}
