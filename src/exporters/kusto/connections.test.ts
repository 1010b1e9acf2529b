import assert from 'node:assert/strict'
import { test } from 'node:test'
import { token } from './cluster.fixture.ts'
import { KustoExporter } from './kusto.ts'

test('each identity is told to the client by its own name, and Kusto who connects', async () => {
  const made: unknown[][] = []
  const connections: { applicationNameForTracing: string | null }[] = []
  const told =
    (how: string) =>
    (...given: unknown[]) => {
      made.push([how, ...given])
      const connection = { applicationNameForTracing: null }
      connections.push(connection)
      return connection
    }
  const names = [
    'withAzLoginIdentity',
    'withAccessToken',
    'withSystemManagedIdentity',
    'withUserManagedIdentity',
    'withAadApplicationKeyAuthentication',
  ]
  const builder = Object.assign(
    function anonymous(address: string) {
      return told('anonymous')(address)
    },
    Object.fromEntries(names.map((name) => [name, told(name)])),
  )
  class Client {}
  const modules = { IngestClient: Client, Client, KustoConnectionStringBuilder: builder }
  const cluster = 'https://ingest-adx.westeurope.kusto.windows.net'
  for (const auth of [
    { type: 'az' },
    { type: 'token', token },
    { type: 'managed_identity' },
    { type: 'managed_identity', clientId: 'c' },
    { type: 'application', tenant: 't', clientId: 'c', key: 'k' },
    { type: 'none' },
  ] as const)
    await new KustoExporter({ cluster, database: 'd', auth, load: async <M>() => modules as M }).start()
  const commands = 'https://adx.westeurope.kusto.windows.net'
  assert.deepEqual(made, [
    ['withAzLoginIdentity', cluster],
    ['withAzLoginIdentity', commands],
    ['withAccessToken', cluster, token],
    ['withAccessToken', commands, token],
    ['withSystemManagedIdentity', cluster],
    ['withSystemManagedIdentity', commands],
    ['withUserManagedIdentity', cluster, 'c'],
    ['withUserManagedIdentity', commands, 'c'],
    ['withAadApplicationKeyAuthentication', cluster, 'c', 'k', 't'],
    ['withAadApplicationKeyAuthentication', commands, 'c', 'k', 't'],
    ['anonymous', cluster],
    ['anonymous', commands],
  ])
  for (const { applicationNameForTracing } of connections) assert.match(applicationNameForTracing!, /^waybill\/\d/)
})
