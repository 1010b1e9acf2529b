import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fastify from 'fastify'
import { type ExportResult, ok, reject } from '../core/result.ts'
import { deadLetterRoutes } from './routes.ts'
import { because, storeFor, valuesIn } from './store.fixture.ts'

async function served(t: TestContext, answer: () => Promise<ExportResult> = async () => ok) {
  const session = storeFor(t)
  const store = await session.open()
  const app = fastify()
  t.after(() => app.close())
  const taken: string[] = []
  const exporterOf = (name: string) => {
    if (name === 'nobody') return undefined
    return {
      name,
      export: () => {
        taken.push(name)
        return answer()
      },
    }
  }
  deadLetterRoutes(app, { store, exporterOf, context: session.context })
  const ask = async (method: 'GET' | 'POST', path: string) => {
    const { statusCode, body } = await app.inject({ method, url: `/api/v1/dead-letters${path}` })
    return {
      status: statusCode,
      body,
      lines: () =>
        body
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
    }
  }
  return { ...session, store, ask, taken }
}

test('the letters that wait, those that are meant, and one by its id', async (t) => {
  const { store, put, ask } = await served(t)
  await put(store, 2)
  await put(store, 1, 5, because({ exporter: 'other' }))
  assert.deepEqual(
    (await ask('GET', '')).lines().map(({ id }) => id),
    ['1-0', '1-1', '1-2'],
  )
  assert.deepEqual(
    (await ask('GET', '?exporter=other')).lines().map(({ record }) => record.value),
    [5],
  )
  assert.equal((await ask('GET', '?limit=1')).lines().length, 1)
  assert.equal((await ask('GET', '/1-2')).lines()[0].exporter, 'other')
  assert.equal((await ask('GET', '/9-9')).status, 404)
  assert.equal((await ask('GET', '/figures')).lines()[0].exporters.length, 2)
})

test('a replay tells how far it is, and takes letters to their own exporter or another', async (t) => {
  const { store, put, ask, taken } = await served(t)
  await put(store, 2)
  assert.deepEqual((await ask('POST', '/replay?dry_run=true')).lines(), [{ matched: 2, replayed: 0, failed: 0 }])
  assert.deepEqual(await valuesIn(store), [0, 1])
  const told = (await ask('POST', '/replay')).lines()
  assert.deepEqual(
    [told[0], told.at(-1)],
    [
      { matched: 2, replayed: 0, failed: 0 },
      { matched: 2, replayed: 2, failed: 0 },
    ],
  )
  await put(store, 1)
  assert.equal((await ask('POST', '/replay?target=nobody')).status, 404)
  await ask('POST', '/replay?target=files')
  assert.deepEqual(taken, ['web', 'files'])
})

test('what is refused again waits on, and why is told', async (t) => {
  const { store, put, ask } = await served(t, async () => reject(new Error('still wrong')))
  await put(store, 1)
  assert.deepEqual((await ask('POST', '/replay')).lines().at(-1), { matched: 1, replayed: 0, failed: 1, error: 'still wrong' })
  assert.deepEqual(await valuesIn(store), [0])
})

test('one replay runs at a time', async (t) => {
  const going = Promise.withResolvers<ExportResult>()
  const asked = Promise.withResolvers<void>()
  const { store, put, ask } = await served(t, () => {
    asked.resolve()
    return going.promise
  })
  await put(store, 1)
  const first = ask('POST', '/replay')
  await asked.promise
  assert.equal((await ask('POST', '/replay')).status, 409)
  going.resolve(ok)
  assert.equal((await first).lines().at(-1).replayed, 1)
  await put(store, 1)
  assert.equal((await ask('POST', '/replay')).status, 200)
})

test('a purge lets go of what is meant, and counts it', async (t) => {
  const { store, put, ask } = await served(t)
  await put(store, 1)
  await put(store, 2, 5, because({ reason: 'expired' }))
  assert.deepEqual((await ask('POST', '/purge?reason=expired&dry_run=true')).lines(), [{ purged: 0, matched: 2 }])
  assert.deepEqual((await ask('POST', '/purge?reason=expired')).lines(), [{ purged: 2 }])
  assert.deepEqual(await valuesIn(store), [0])
})

test('what cannot be meant changes nothing and is told', async (t) => {
  const { store, put, ask } = await served(t)
  await put(store, 1)
  for (const query of ['reason=bad', 'from=yesterday', 'rate=0', 'limit=x'])
    assert.equal((await ask('POST', `/purge?${query}`)).status, 400, query)
  assert.deepEqual(await valuesIn(store), [0])
})
