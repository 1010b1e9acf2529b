import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { OpenCostClient, type OpenCostClientOptions } from './client.ts'
import { allocationReply, answering, testContext } from './server.fixture.ts'

const file = (name: string) => fileURLToPath(new URL(`fixtures/${name}.pem`, import.meta.url))

/** Asks a server whose certificate nobody knows. */
async function ask(t: TestContext, options: OpenCostClientOptions) {
  const server = createServer(
    { key: readFileSync(file('server.key')), cert: readFileSync(file('server.cert')) },
    answering(allocationReply),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new OpenCostClient({ endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, retries: 3, ...options })
  t.after(async () => {
    await client.close()
    server.close()
  })
  const { context, slept } = testContext()
  const records = client.allocations({ window: '1h' }, context).then((found) => Array.fromAsync(found))
  return { records, slept }
}

test('a server is believed when its certificate is, or when told to believe any', async (t) => {
  for (const options of [{ ca: file('server.cert') }, { insecure: true }]) assert.equal((await (await ask(t, options)).records).length, 1)
})

test('001-33 a certificate that is not believed is told with the options for it, and not asked again', async (t) => {
  const { records, slept } = await ask(t, {})
  await assert.rejects(records, { message: /cannot read from https:.*self-signed certificate$/, hint: /--ca; --insecure/ })
  assert.deepEqual(slept, [])
})

test('a file of certificates that cannot be used is told', async (t) => {
  await assert.rejects((await ask(t, { ca: '/nowhere.pem' })).records, { code: 'FILE_UNREADABLE', message: /nowhere.pem \(ENOENT\)/ })
  await assert.rejects((await ask(t, { ca: file('server.key') })).records, { code: 'INVALID_OPTION', message: /no certificate/ })
})
