import type { ComputeExporter, Context, Window } from '../../sdk.ts'
import type { ExportValidator } from './export-validator.ts'
import { type EncodedFile, StorageExporter, type StorageExporterOptions } from './storage-exporter.ts'

export interface ComputeStorageExporterOptions<T> extends StorageExporterOptions<Window, T> {
  /** Default: everything is stored, and replaces what is there. */
  readonly validator?: ExportValidator<T>
}

/**
 * Stores the data of each window in a file, which the next data of that window replaces. With a validator, what it objects to is
 * rejected before anything is touched, and what may not replace anything is stored only where nothing is: then what is there
 * stays, and the answer is `ok`.
 */
export class ComputeStorageExporter<T> extends StorageExporter<Window, T> implements ComputeExporter<T> {
  readonly replaces = true
  readonly #validator: ExportValidator<T> | undefined

  constructor({ validator, ...options }: ComputeStorageExporterOptions<T>) {
    super(options)
    this.#validator = validator
  }

  protected override check(window: Window, data: T): void {
    this.#validator?.validate(window, data)
  }

  protected async store({ path, bytes, data }: EncodedFile<T>, { signal }: Context): Promise<void> {
    if (this.#validator?.isOverwrite(data) === false) await this.storage.create(path, bytes, { signal })
    else await this.storage.write(path, bytes, { signal })
  }
}
