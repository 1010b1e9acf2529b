import { randomUUID } from 'node:crypto'
import { type Storage, type StorageOptions, toError, WaybillError } from '../../sdk.ts'

export interface ValidateStorageOptions extends StorageOptions {
  /** `read` only looks: for a storage to which nothing may be written. Default: `write`, a small file below `tmp/`, which is removed again. */
  readonly access?: 'read' | 'write'
}

/**
 * Tries what an exporter will do with a storage: looks, lists, writes, reads back, removes. Rejects with WaybillError
 * `DESTINATION_UNAVAILABLE`, which says what did not work.
 */
export async function validateStorage(storage: Storage, { access = 'write', signal }: ValidateStorageOptions = {}): Promise<void> {
  const path = `tmp/waybill-${randomUUID()}.txt`
  const bytes = new TextEncoder().encode('test')
  const tried = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call()
    } catch (thrown) {
      throw unusable(storage, `cannot ${what}: ${toError(thrown).message}`, thrown)
    }
  }
  const options = { signal }
  await tried('look for a file', () => storage.exists(path, options))
  await tried('list the root', () => storage.list('', options))
  if (access === 'read') return
  await tried(`write ${path}`, () => storage.write(path, bytes, options))
  const read = await tried(`read ${path}`, () => storage.read(path, options))
  const removed = await tried(`remove ${path}`, () => storage.remove(path, options))
  if (read === undefined || Buffer.compare(read, bytes) !== 0) throw unusable(storage, 'does not give back what was written to it')
  if (!removed) throw unusable(storage, 'does not know of a file that was written to it')
}

const unusable = ({ type, location }: Storage, why: string, cause?: unknown): WaybillError =>
  new WaybillError('DESTINATION_UNAVAILABLE', `the storage ${location} (${type}) ${why}`, {
    hint: 'see that it exists, can be reached, and may be read from and written to',
    cause,
  })
