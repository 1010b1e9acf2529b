/** What is kept of arrays, in PostgreSQL. */

import { PostgresDatabase } from '../../src/arrays/store/postgres-database.ts'
import { SqlStore } from '../../src/arrays/store/sql-store.ts'
import { storeContract } from '../../src/arrays/store/store-contract.fixture.ts'
import { load, TestPostgres } from './postgres.fixture.ts'

const postgres = new TestPostgres()

storeContract('postgresql', async (_t, clock) => {
  const { connectionString } = await postgres.freshDatabase()
  const again = () => new SqlStore(new PostgresDatabase({ connectionString, load }), clock)
  return { store: again(), again }
})
