import { join } from 'node:path'
import type { Batch } from '../core/batch.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { ExporterPlugin } from '../core/plugin.ts'
import type { Catalogue } from './catalogue.ts'
import { deadLetterDefaults, type Resolved } from './config/resolve.ts'
import { check } from './config/shape.ts'
import { createHost, type HostOptions } from './host.ts'

/** The folder, inside the data directory, of the files with what no destination took. */
export const deadLetterFolder = 'dead-letters'

/** The agent's dead-letter destination: JSON lines, on disk before they count as written. */
export async function createDeadLetters(catalogue: Catalogue, options: HostOptions): Promise<EventExporter<Batch>> {
  const plugin = await catalogue.get('exporter', 'file')
  const { value } = check(plugin.config as Parameters<typeof check>[0], deadLetterDefaults.file)
  return createDeadLetter({ name: 'dead-letters', plugin, config: value, rest: undefined }, options)
}

/** A dead-letter destination; what it keeps in the data directory is in that folder. */
export function createDeadLetter({ name, plugin, config }: Resolved<ExporterPlugin>, { dataDir, log }: HostOptions): EventExporter<Batch> {
  const host = createHost(plugin, { dataDir: join(dataDir, deadLetterFolder), log: log.child({ component: name }) })
  return plugin.create({ name, config: config as never, host })
}
