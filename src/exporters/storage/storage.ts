import {
  type Batch,
  type Context,
  defineExporter,
  type ExportResult,
  ok,
  recordsOf,
  type Storage,
  signals,
  WaybillError,
  z,
} from '../../sdk.ts'
import { EventStorageExporter } from '../../storage/exporting/exporting.ts'
import { storagePackages } from '../../storage/open-storage/open-storage.ts'
import { batchEncoder, compressions, formats } from './batch-encoder.ts'
import { kindOf, pathsConfig, pathsFor } from './paths.ts'
import { storageConfig, storageFor } from './place.ts'
import { refusalIn } from './refusal.ts'

const settings = z.strictObject({
  paths: pathsConfig.describe('Where the files lie in the storage.'),
  format: z
    .enum(formats)
    .default('jsonl')
    .describe('JSON lines; one array of JSON or MessagePack; or CSV with a header. The records are those of the codec jsonl.'),
  compression: z.enum(compressions).default('none').describe('Compresses each file: `.gz` or `.zst` is added to its name.'),
  overwrite: z
    .boolean()
    .default(false)
    .describe('Whether a batch replaces what is stored under its path. Otherwise it gets a path of its own, with `-1`, `-2` … in it.'),
})

const config = settings.extend({ storage: storageConfig.describe('What keeps the files.') })

export interface BatchStorageExporterOptions extends z.input<typeof settings> {
  /** Default: `storage`. */
  readonly name?: string
  readonly storage: Storage
}

/** Stores each batch that has records in a file of its own. */
export class BatchStorageExporter extends EventStorageExporter<Batch> {
  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'storage', storage, ...options }: BatchStorageExporterOptions) {
    const parsed = settings.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of BatchStorageExporter: ${z.prettifyError(parsed.error)}`)
    const { paths, format, compression, overwrite } = parsed.data
    // Names that cannot be directories are told now, not with the first batch.
    pathsFor(paths, 'rows')
    super({ name, storage, overwrite, paths: (batch) => pathsFor(paths, kindOf(batch)), encoder: batchEncoder(format, compression) })
  }

  override async export(time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    return recordsOf(batch).length === 0 ? ok : refusalIn(await super.export(time, batch, context), context.clock.now())
  }
}

/** Stores batches of all signals. */
export default defineExporter({
  type: 'storage',
  summary: 'Stores each batch as a file of its own, under a path made of its time.',
  stability: 'beta',
  signals,
  requires: storagePackages,
  config,
  traits: {
    formats: 'JSON, JSON lines, CSV, MessagePack',
    compression: 'gzip, zstd',
    authentication: 'that of the storage: keys, tokens, roles, managed identities',
    order: 'a file for each batch',
    repeats: 'known by their content, and stored once',
    limits: 'those of the storage; a batch that is too large for it is split',
    tested: 's3rver, moto and azurite; a local server built from the API of Google Cloud Storage',
  },
  create: ({ name, config, host }) => {
    const { storage, ...settings } = config
    return new BatchStorageExporter({ ...settings, name, storage: storageFor(storage, host) })
  },
})
