import { test } from 'node:test'
import { storageContract } from '../../testing/storage-contract.ts'
import { azureBlobOptions, serveAzureBlob } from './azure_blob.fixture.ts'
import { AzureBlobStorage } from './azure_blob.ts'

const pageSize = 10

const create = async () => {
  const service = await serveAzureBlob({ pageSize })
  return { storage: new AzureBlobStorage(azureBlobOptions(service.url)), pageSize, close: () => service.close() }
}

for (const { name, run } of storageContract(create)) test(`000-18 azure_blob: ${name}`, run)
