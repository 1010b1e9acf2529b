import { packageLoader } from '../../packages/package-loader.ts'
import { type Host, WaybillError, z } from '../../sdk.ts'
import { ObjectStorage } from '../object-storage/object-storage.ts'
import { AzureBlobs } from './azure-blobs.ts'
import { azureBlobConfig } from './config.ts'
import { azureBlobPackages } from './driver.ts'

/** As under `config:` of a bucket file, in camelCase. */
export type AzureBlobStorageOptions = z.input<typeof azureBlobConfig> & {
  /** Loads the packages `@azure/storage-blob` and, for managed identities, `@azure/identity`. Default: from beside Waybill or the working directory. */
  readonly load?: Host['load']
}

/** A container of Azure Blob Storage, which is made with the first file when it is missing. */
export class AzureBlobStorage extends ObjectStorage {
  /** Connects to nothing yet. Throws WaybillError `INVALID_OPTION`. */
  constructor({ load = packageLoader(azureBlobPackages), ...options }: AzureBlobStorageOptions) {
    const parsed = azureBlobConfig.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of AzureBlobStorage: ${z.prettifyError(parsed.error)}`)
    super(new AzureBlobs(parsed.data, load))
  }
}
