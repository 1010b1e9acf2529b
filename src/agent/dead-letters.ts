import { join } from 'node:path'
import type { Batch } from '../core/batch.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { Catalogue } from './catalogue.ts'
import { createHost, type HostOptions } from './host.ts'

/** The folder, inside the data directory, of the files with what no destination took. */
export const deadLetterFolder = 'dead-letters'

/** The agent's dead-letter destination: JSON lines, on disk before they count as written. */
export async function createDeadLetters(catalogue: Catalogue, options: HostOptions): Promise<EventExporter<Batch>> {
  const plugin = await catalogue.get('exporter', 'file')
  const config = plugin.config!.parse({
    outputDirectory: join(options.dataDir, deadLetterFolder),
    filenameTemplate: '{name}-{signal}-{timestamp}',
    sync: true,
  })
  return plugin.create({ name: 'dead-letters', config: config as never, host: createHost(plugin, options) })
}
