import { packageLoader } from '../../packages/package-loader.ts'
import { type Host, WaybillError, z } from '../../sdk.ts'
import { ObjectStorage } from '../object-storage/object-storage.ts'
import { gcsConfig } from './config.ts'
import { gcsPackages } from './driver.ts'
import { GcsObjects } from './gcs-objects.ts'

/** As under `config:` of a bucket file, in camelCase. */
export type GcsStorageOptions = z.input<typeof gcsConfig> & {
  /** Loads the package `@google-cloud/storage`, where credentials are needed. Default: from beside Waybill or the working directory. */
  readonly load?: Host['load']
  /** Default: that of Node. */
  readonly fetch?: Host['fetch']
}

/** A bucket of Google Cloud Storage. */
export class GcsStorage extends ObjectStorage {
  /** Connects to nothing yet. Throws WaybillError `INVALID_OPTION`. */
  constructor({ load = packageLoader(gcsPackages), fetch = (...request) => globalThis.fetch(...request), ...options }: GcsStorageOptions) {
    const parsed = gcsConfig.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of GcsStorage: ${z.prettifyError(parsed.error)}`)
    super(new GcsObjects(parsed.data, { load, fetch }))
  }
}
