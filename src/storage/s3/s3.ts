import { packageLoader } from '../../packages/package-loader.ts'
import { type Host, WaybillError, z } from '../../sdk.ts'
import { ObjectStorage } from '../object-storage/object-storage.ts'
import { s3Config } from './config.ts'
import { s3Packages } from './driver.ts'
import { S3Objects } from './s3-objects.ts'

/** As under `config:` of a bucket file, in camelCase. */
export type S3StorageOptions = z.input<typeof s3Config> & {
  /** Loads the packages `@aws-sdk/client-s3` and `@aws-sdk/lib-storage`. Default: from beside Waybill or the working directory. */
  readonly load?: Host['load']
}

/** A bucket of Amazon S3, or of another service that speaks its protocol: MinIO, Ceph, R2. */
export class S3Storage extends ObjectStorage {
  /** Connects to nothing yet. Throws WaybillError `INVALID_OPTION`. */
  constructor({ load = packageLoader(s3Packages), ...options }: S3StorageOptions) {
    const parsed = s3Config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of S3Storage: ${z.prettifyError(parsed.error)}`)
    super(new S3Objects(parsed.data, load))
  }
}
