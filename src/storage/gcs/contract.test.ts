import { test } from 'node:test'
import { storageContract } from '../../testing/storage-contract.ts'
import { gcsOptions, serveGcs } from './gcs.fixture.ts'
import { GcsStorage } from './gcs.ts'

const pageSize = 10

const create = async () => {
  const service = await serveGcs({ pageSize })
  return { storage: new GcsStorage(gcsOptions(service.url)), pageSize, close: () => service.close() }
}

for (const { name, run } of storageContract(create)) test(`000-18 gcs: ${name}`, run)
