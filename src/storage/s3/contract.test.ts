import { test } from 'node:test'
import { storageContract } from '../../testing/storage-contract.ts'
import { s3Options, serveS3 } from './s3.fixture.ts'
import { S3Storage } from './s3.ts'

const pageSize = 10

const create = async () => {
  const service = await serveS3({ pageSize })
  return { storage: new S3Storage(s3Options(service.url)), pageSize, close: () => service.close() }
}

for (const { name, run } of storageContract(create)) test(`000-18 s3: ${name}`, run)
