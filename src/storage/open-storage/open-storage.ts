import { fileURLToPath } from 'node:url'
import { revealed } from '../../http/revealed.ts'
import { filePath, type Host, type Storage, toError, WaybillError } from '../../sdk.ts'
import { AzureBlobStorage } from '../azure_blob/azure_blob.ts'
import { azureBlobPackages } from '../azure_blob/driver.ts'
import { FileStorage } from '../file/file.ts'
import { gcsPackages } from '../gcs/driver.ts'
import { GcsStorage } from '../gcs/gcs.ts'
import { MemoryStorage } from '../memory/memory.ts'
import { PrefixedStorage } from '../prefixed/prefixed.ts'
import { s3Packages } from '../s3/driver.ts'
import { S3Storage } from '../s3/s3.ts'
import type { BucketConfig } from './bucket-config.ts'
import { bucketAt } from './storage-url.ts'

export { type BucketConfig, bucketConfigIn } from './bucket-config.ts'

/** What `load` is asked for, with the versions that are known. */
export const storagePackages: Readonly<Record<string, string>> = { ...s3Packages, ...azureBlobPackages, ...gcsPackages }

export interface OpenStorageOptions extends Partial<Pick<Host, 'load' | 'clock' | 'fetch'>> {
  /** Where an address of Azure finds its account. Default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * The storage at an address (`s3://…`, `az://…`, `gs://…`, `file:…`, `memory:`), or that a bucket file describes. Connects to nothing
 * yet. Throws WaybillError `INVALID_OPTION`.
 */
export function openStorage(place: string | BucketConfig, { env = process.env, ...world }: OpenStorageOptions = {}): Storage {
  if (typeof place !== 'string') return bucketOf(place, world)
  if (place === 'memory:') return new MemoryStorage(world)
  return place.startsWith('file:') ? new FileStorage(folderAt(place), world) : bucketOf(bucketAt(place, env), world)
}

/** A file in a storage. */
export interface StoredFile {
  readonly storage: Storage
  readonly path: string
}

/** The file at an address of a bucket (`s3://…`, `az://…`, `gs://…`). Connects to nothing yet. Throws WaybillError `INVALID_OPTION`. */
export function openFile(address: string, { env = process.env, ...world }: OpenStorageOptions = {}): StoredFile {
  const { prefix, ...bucket } = bucketAt(address, env)
  if (prefix === '' || prefix.endsWith('/'))
    throw new WaybillError('INVALID_OPTION', `${address} names no file`, {
      hint: 'write its path behind the bucket: s3://bucket/costs/file.json',
    })
  return { storage: bucketOf({ ...bucket, prefix: '' }, world), path: filePath(prefix) }
}

function bucketOf(bucket: BucketConfig, world: OpenStorageOptions): Storage {
  const storage = unprefixed(bucket, world)
  return /^\/*$/.test(bucket.prefix) ? storage : new PrefixedStorage(storage, bucket.prefix)
}

function unprefixed({ type, config }: BucketConfig, { load, clock, fetch }: OpenStorageOptions): Storage {
  const loading = load ? { load } : {}
  switch (type) {
    case 'filesystem':
    case 'FILESYSTEM':
      return new FileStorage(config.directory, clock ? { clock } : {})
    case 's3':
    case 'S3':
      return new S3Storage({ ...revealed(config), ...loading })
    case 'azure':
    case 'AZURE':
      return new AzureBlobStorage({ ...revealed(config), ...loading })
    case 'gcs':
    case 'GCS':
      return new GcsStorage({ ...revealed(config), ...loading, ...(fetch && { fetch }) })
  }
}

function folderAt(url: string): string {
  try {
    return fileURLToPath(url)
  } catch (thrown) {
    throw new WaybillError('INVALID_OPTION', `${url} is not the address of a folder: ${toError(thrown).message}`, {
      hint: 'write file:///folder, with the whole path',
    })
  }
}
