import type { Storage } from '../core/storage.ts'
import type { ContractCase } from './exporter-contract.ts'
import { contentCases } from './storage-contract/content-cases.ts'
import { listingCases } from './storage-contract/listing-cases.ts'
import { wholenessCases } from './storage-contract/wholeness-cases.ts'

/** A fresh storage with nothing in it. */
export interface StorageSetup {
  readonly storage: Storage
  /** How many names the storage tells at once, where it tells them in pages: then a listing longer than that is tried. */
  readonly pageSize?: number
  close?(): Promise<void>
}

/**
 * What every storage must keep to: `for (const c of storageContract(create)) test(c.name, c.run)`. Each case has a setup of its
 * own. That a writer which is killed leaves the old content is beyond it: a storage that writes files here tests it by itself.
 */
export function storageContract(create: () => Promise<StorageSetup>): readonly ContractCase[] {
  return [...contentCases, ...listingCases, ...wholenessCases].map(({ name, check }) => ({
    name,
    async run() {
      const setup = await create()
      try {
        await check(setup)
      } finally {
        await setup.close?.()
      }
    },
  }))
}
