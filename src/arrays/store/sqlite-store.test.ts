import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { systemClock } from '../../sdk.ts'
import { SqlStore } from './sql-store.ts'
import { SqliteDatabase } from './sqlite-database.ts'
import { storeContract } from './store-contract.fixture.ts'

storeContract('sqlite', async (t, clock) => {
  const path = join(temporaryFolder(t), 'folder', 'arrays.db')
  const again = () => new SqlStore(new SqliteDatabase(path), clock)
  return { store: again(), again }
})

test('only its user can read the file', async (t) => {
  const path = join(temporaryFolder(t), 'arrays.db')
  const store = new SqlStore(new SqliteDatabase(path), systemClock)
  await store.open()
  t.after(() => store.close())
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('what a newer version wrote is left alone, and what cannot be opened is told', async (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'arrays.db')
  const newer = new DatabaseSync(path)
  newer.exec('CREATE TABLE waybill_array_version (version INTEGER); INSERT INTO waybill_array_version VALUES (2)')
  newer.close()
  await assert.rejects(new SqlStore(new SqliteDatabase(path), systemClock).open(), {
    code: 'DESTINATION_UNAVAILABLE',
    message: /newer version/,
  })
  await assert.rejects(new SqlStore(new SqliteDatabase(folder), systemClock).open(), {
    code: 'DESTINATION_UNAVAILABLE',
    message: /cannot write to/,
  })
})
