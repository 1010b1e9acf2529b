/** What is kept of arrays, in PostgreSQL. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../../scripts/servers/server-process.ts'
import { Agent } from '../../src/agent/agent.ts'
import { loadValue } from '../../src/agent/config/load.ts'
import { PostgresDatabase } from '../../src/arrays/store/postgres-database.ts'
import { SqlStore } from '../../src/arrays/store/sql-store.ts'
import { storeContract } from '../../src/arrays/store/store-contract.fixture.ts'
import { silent } from '../../src/core/log.ts'
import { packageLoader } from '../../src/packages/package-loader.ts'
import { TestPostgres } from './postgres.fixture.ts'

const postgres = new TestPostgres()

storeContract('postgresql', async (_t, clock) => {
  const { connectionString } = await postgres.freshDatabase()
  const again = () => new SqlStore(new PostgresDatabase({ connectionString, load: packageLoader() }), clock)
  return { store: again(), again }
})

test('004-24 by configuration: what was registered is there after a restart, and the password is nowhere in the database', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'waybill-arrays-postgres-'))
  t.after(() => rm(dataDir, { recursive: true }))
  const { database, connectionString: connection_string } = await postgres.freshDatabase()
  const port = await freePort()
  const arrays = {
    listen: `127.0.0.1:${port}`,
    traps: { enabled: false },
    performance_exporters: [],
    database: { type: 'postgresql', connection_string },
  }
  const storages = `http://127.0.0.1:${port}/v1/storages`
  /** The agent, from its start to its end. */
  const running = async <T>(work: () => Promise<T>): Promise<T> => {
    const config = await loadValue({ api: { enabled: false }, arrays }, { path: 'arrays' })
    const agent = await Agent.create({ config, log: silent, dataDir })
    await agent.start()
    return work().finally(() => agent.stop())
  }
  const rest = { host: '10.0.0.1', port: 80, username: 'me', password: 'ThisIsTheSecret' }
  const body = JSON.stringify({ vendor: 'fake_storage', model: 'fake_driver', rest, extra_attributes: { volumes: '5' } })
  const registered = await running(async () => {
    const response = await fetch(storages, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    assert.equal(response.status, 201)
    return (await response.json()) as { readonly id: string }
  })
  const listed = await running(
    async () => (await (await fetch(storages)).json()) as { readonly storages: readonly { readonly id: string }[] },
  )
  assert.deepEqual(
    listed.storages.map(({ id }) => id),
    [registered.id],
  )
  const [everything] = await postgres.server.query(
    "SELECT encode(convert_to(query_to_xml('TABLE waybill_array_entries', true, false, '')::text, 'UTF8'), 'hex')",
    database,
  )
  const kept = Buffer.from(everything!, 'hex').toString()
  assert.ok(kept.includes(registered.id))
  assert.ok(!kept.includes(rest.password))
  assert.match(await readFile(join(dataDir, 'arrays', 'key'), 'utf8'), /^[0-9a-f]{64}\n$/)
})
