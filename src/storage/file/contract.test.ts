import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { storageContract } from '../../testing/storage-contract.ts'
import { FileStorage } from './file.ts'

const setup = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-storage-'))
  return { storage: new FileStorage(join(folder, 'root')), close: () => rm(folder, { recursive: true }) }
}

for (const { name, run } of storageContract(setup)) test(`000-17 file: ${name}`, run)
