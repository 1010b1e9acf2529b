import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Storage as OfficialClient } from '@google-cloud/storage'
import { userAgent } from '../../http/user-agent.ts'
import type { WaybillError } from '../../sdk.ts'
import { bucket, gcsOptions, serveGcs } from './gcs.fixture.ts'
import { GcsStorage, type GcsStorageOptions } from './gcs.ts'

const account = {
  type: 'service_account',
  project_id: 'p',
  client_email: 'w@p.iam.gserviceaccount.com',
  private_key: '-----BEGIN PRIVATE KEY-----\nsecret',
}
const serviceAccount = JSON.stringify(account)

async function serving(t: TestContext, options: Partial<GcsStorageOptions> = {}) {
  const service = await serveGcs({ pageSize: 2 })
  t.after(() => service.close())
  return { service, storage: new GcsStorage({ ...gcsOptions(service.url), ...options }) }
}

/** Stands in for Google's client, of which only the tokens are used. */
function authenticating(getAccessToken: () => Promise<string | null> = async () => 'ya29.token') {
  const made: unknown[] = []
  class Storage {
    readonly authClient = { getAccessToken }
    constructor(options: unknown) {
      made.push(options)
    }
  }
  return { made, load: async <M>() => ({ Storage }) as M }
}

async function* pieces(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000)
}

test('000-18 it is a bucket of Google, at its address', () => {
  const { type, location } = new GcsStorage({ bucket })
  assert.deepEqual([type, location], ['bucket|gcs', 'gs://lake'])
})

test('000-18 the official client reads what was written, and the other way round', async (t) => {
  const { service, storage } = await serving(t)
  const official = new OfficialClient({ apiEndpoint: service.url, projectId: 'p' }).bucket(bucket)
  const names = ['d/a', 'd/ü b+c&d', 'd/e/f', 'd/z']
  for (const name of names) await storage.write(name, Buffer.from(name))
  const [files] = await official.getFiles({ prefix: 'd/' })
  assert.deepEqual(files.map(({ name }) => name).sort(), names.toSorted())
  for (const name of names) assert.equal(String((await official.file(name).download({ validation: false }))[0]), name)
  await official.file('d/a').delete()
  assert.deepEqual(
    (await storage.list('d')).map(({ name }) => name),
    ['d/z', 'd/ü b+c&d'],
  )
})

test('000-18 a long stream is one upload of several requests, of which nothing is left when it breaks off', async (t) => {
  const { service, storage } = await serving(t, { chunkSizeBytes: '256KiB' })
  const chunk = 2 ** 18
  for (const size of [0, 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 5]) {
    const bytes = Buffer.alloc(size, 'waybill')
    const before = service.requests.length
    await storage.writeStream('d/f', pieces(bytes))
    assert.equal(service.requests.length - before, 1 + Math.max(1, Math.ceil(size / chunk)), `requests for ${size} bytes`)
    assert.ok(bytes.equals((await storage.read('d/f'))!), `${size} bytes came back as others`)
  }
  const broken = new Error('the stream broke off')
  const breaking = async function* () {
    yield* pieces(Buffer.alloc(3 * chunk))
    throw broken
  }
  await assert.rejects(storage.writeStream('d/f', breaking()), broken)
  assert.equal((await storage.stat('d/f'))?.size, 3 * chunk + 5)
  assert.equal(service.objects.uploads.size, 0, 'an upload is left')
})

test('000-18 the token of a service account goes with every request; elsewhere nothing is shown without one', async (t) => {
  const { made, load } = authenticating()
  const { service, storage } = await serving(t, { serviceAccount, load })
  await storage.write('f', Buffer.from('x'))
  await storage.writeStream('g', pieces(Buffer.from('x')))
  await storage.remove('f')
  assert.deepEqual(made, [{ credentials: account }])
  assert.deepEqual([...new Set(service.requests.map(({ headers }) => headers.authorization))], ['Bearer ya29.token'])
  const { service: open, storage: anonymous } = await serving(t)
  await anonymous.write('f', Buffer.from('x'))
  assert.equal(open.requests[0]!.headers.authorization, undefined)
  assert.equal(open.requests[0]!.headers['user-agent'], userAgent)
})

test('000-18 to Google itself the credentials of the environment are shown', async () => {
  const { made, load } = authenticating()
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = async (url, init) => {
    asked.push(`${url} ${new Headers(init?.headers).get('authorization')}`)
    return Response.json({ size: '1', updated: '2025-05-19T22:00:00Z' })
  }
  const storage = new GcsStorage({ bucket, load, fetch })
  assert.deepEqual(await storage.stat('f'), { name: 'f', size: 1, modifiedMs: Date.UTC(2025, 4, 19, 22) })
  assert.deepEqual([made, asked], [[{}], ['https://storage.googleapis.com/storage/v1/b/lake/o/f?fields=size%2Cupdated Bearer ya29.token']])
})

test('000-18 credentials that are not taken: what to do is told, and not the key', async (t) => {
  const { load } = authenticating(async () => Promise.reject(new Error(`invalid_grant: Invalid JWT Signature of ${account.private_key}`)))
  const { storage } = await serving(t, { serviceAccount, load })
  await assert.rejects(storage.read('f'), (error: WaybillError) => {
    assert.match(error.explain(), /invalid_grant.*give the key of a service account.*clock/)
    return !error.explain().includes('PRIVATE KEY')
  })
})

test('000-18 a request without an answer has failed after a while', async (t) => {
  const { service, storage } = await serving(t, { timeout: '50ms' })
  service.misbehave('hang')
  await assert.rejects(storage.read('f'), /no answer within 0\.05 s/)
})

test('000-18 what cannot be is refused', async (t) => {
  for (const wrong of [
    { bucket: '' },
    { serviceAccount: '/run/key.json' },
    { endpoint: 'minio' },
    { chunkSizeBytes: 1000 },
    { unknown: 1 },
  ])
    assert.throws(() => new GcsStorage({ bucket, ...wrong } as never), { code: 'INVALID_OPTION' }, JSON.stringify(wrong))
  const { storage } = await serving(t)
  for (const name of ['a\nb', '.well-known/acme-challenge/x', 'ä'.repeat(513)])
    await assert.rejects(storage.write(name, Buffer.from('x')), { code: 'INVALID_OPTION' }, name)
})
