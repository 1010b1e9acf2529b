import {
  type Batch,
  type Context,
  defineExporter,
  type ExportResult,
  ok,
  partial,
  recordsOf,
  type Storage,
  signals,
  WaybillError,
  z,
} from '../../sdk.ts'
import { EventStorageExporter } from '../../storage/exporting/exporting.ts'
import { storagePackages } from '../../storage/open-storage/open-storage.ts'
import { storageConfig, storageFor } from '../../storage/open-storage/storage-config.ts'
import { batchEncoder, compressions, type Format, fitting, formats } from './batch-encoder.ts'
import { kindOf, pathsConfig, pathsFor } from './paths.ts'
import { refusalIn } from './refusal.ts'

const settings = z.strictObject({
  paths: pathsConfig.describe('Where the files lie in the storage.'),
  format: z
    .enum(formats)
    .default('jsonl')
    .describe('JSON lines; one array of JSON or MessagePack; CSV with a header; or Parquet. But for Parquet, records are those of jsonl.'),
  compression: z
    .enum(compressions)
    .optional()
    .describe(
      'Compresses each file: `.gz` or `.zst` is added to its name. Parquet is compressed within; only it takes `snappy`. Default: `snappy` there, else `none`.',
    ),
  overwrite: z
    .boolean()
    .default(false)
    .describe('Whether a batch replaces what is stored under its path. Otherwise it gets a path of its own, with `-1`, `-2` … in it.'),
})

const config = settings.extend({ storage: storageConfig.describe('What keeps the files.') }).superRefine(compressible)

export interface BatchStorageExporterOptions extends z.input<typeof settings> {
  /** Default: `storage`. */
  readonly name?: string
  readonly storage: Storage
}

/** Stores each batch that has records in a file of its own. */
export class BatchStorageExporter extends EventStorageExporter<Batch> {
  readonly #format: Format

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'storage', storage, ...options }: BatchStorageExporterOptions) {
    const parsed = settings.superRefine(compressible).safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of BatchStorageExporter: ${z.prettifyError(parsed.error)}`)
    const { paths, format, compression, overwrite } = parsed.data
    // Names that cannot be directories are told now, not with the first batch.
    pathsFor(paths, 'rows')
    super({ name, storage, overwrite, paths: (batch) => pathsFor(paths, kindOf(batch)), encoder: batchEncoder(format, compression) })
    this.#format = format
  }

  override async export(time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    if (recordsOf(batch).length === 0) return ok
    const { batch: rest, rejected } = fitting(batch, this.#format)
    if (recordsOf(rest).length === 0) return partial(rejected)
    const result = refusalIn(await super.export(time, rest, context), context.clock.now())
    return result.status === 'ok' && rejected.length > 0 ? partial(rejected) : result
  }
}

function compressible({ format, compression }: Pick<z.output<typeof settings>, 'format' | 'compression'>, context: z.RefinementCtx): void {
  if (compression === 'snappy' && format !== 'parquet')
    context.addIssue({ code: 'custom', path: ['compression'], message: `snappy is for Parquet: with ${format} choose gzip, zstd or none` })
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
    formats: 'JSON, JSON lines, CSV, MessagePack, Parquet',
    compression: 'gzip, zstd; of Parquet also snappy',
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
