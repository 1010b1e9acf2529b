import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { pemFile, serverTls, startServer } from '../../http/server.fixture.ts'
import { userAgent } from '../../http/user-agent.ts'
import { WaybillError } from '../../sdk.ts'
import { accessKey, bucket, s3Options, secretKey, serveS3 } from './s3.fixture.ts'
import { S3Storage, type S3StorageOptions } from './s3.ts'

async function serving(t: TestContext, options: Partial<S3StorageOptions> = {}) {
  const service = await serveS3({ pageSize: 2 })
  t.after(() => service.close())
  return { service, storage: new S3Storage({ ...s3Options(service.url), ...options }) }
}

async function* pieces(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 2 ** 20) yield bytes.subarray(at, at + 2 ** 20)
}

test('000-18 it is a bucket of S3, at its address', () => {
  const { type, location } = new S3Storage({ bucket: 'lake', region: 'eu-west-1' })
  assert.deepEqual([type, location], ['bucket|s3', 's3://lake'])
  assert.equal(new S3Storage({ bucket: 'lake', endpoint: 'minio:9000', insecure: true }).location, 'http://minio:9000/lake')
  assert.equal(new S3Storage({ bucket: 'lake', endpoint: 'minio:9000' }).fullPath('/a//b'), 'a/b')
})

test('000-18 a long stream is an upload of several parts, of which nothing is left when it breaks off', async (t) => {
  const { service, storage } = await serving(t, { partSize: '5MiB' })
  const bytes = Buffer.alloc(11 * 2 ** 20, 'waybill')
  await storage.writeStream('d/f', pieces(bytes))
  assert.ok(bytes.equals((await storage.read('d/f'))!))
  assert.equal(service.requests.filter(({ url }) => url.includes('partNumber=')).length, 3)
  const broken = new Error('the stream broke off')
  const breaking = async function* () {
    yield* pieces(bytes)
    throw broken
  }
  await assert.rejects(storage.writeStream('d/f', breaking()), broken)
  assert.ok(bytes.equals((await storage.read('d/f'))!))
  assert.equal(service.objects.uploads.size, 0, 'parts are left')
})

test('000-18 lists with version 1 where it is asked for', async (t) => {
  const { service, storage } = await serving(t, { listObjectsVersion: 'v1' })
  const names = ['d/a b', 'd/c+d', 'd/e', 'd/ü/f', 'd/z']
  for (const name of names) await storage.write(name, Buffer.from(name))
  assert.deepEqual(
    (await storage.list('d')).map(({ name }) => name),
    names.filter((name) => !name.includes('ü')),
  )
  assert.deepEqual(await storage.listDirectories('d'), ['d/ü'])
  assert.ok(!service.requests.some(({ url }) => url.includes('list-type=2')))
})

test('000-18 objects of others whose keys are no paths are passed over', async (t) => {
  const { service, storage } = await serving(t)
  for (const key of ['d/', 'd//f', 'd/../f', 'd/f']) service.objects.put(key, Buffer.from('x'))
  assert.deepEqual(
    (await storage.list('d')).map(({ name }) => name),
    ['d/f'],
  )
  assert.deepEqual(await storage.listDirectories('d'), [])
})

test('000-18 encryption: by S3, by KMS with key and context, by a key that goes with each request', async (t) => {
  const { service, storage: byS3 } = await serving(t, { sseConfig: { type: 'SSE-S3' }, putUserMetadata: { 'X-Team': 'a' } })
  const { service: tls, storage: byKey, key } = await servingTls(t)
  const kms = { type: 'SSE-KMS', kmsKeyId: 'arn:key', kmsEncryptionContext: { cluster_id: 'c1' } } as const
  const byKms = new S3Storage({ ...s3Options(service.url), sseConfig: kms })
  await byS3.write('a', Buffer.from('x'))
  await byKms.write('b', Buffer.from('x'))
  const headersOf = (name: string) => service.requests.find(({ method, url }) => method === 'PUT' && url.includes(`/${name}`))!.headers
  assert.equal(headersOf('a')['x-amz-server-side-encryption'], 'AES256')
  assert.equal(headersOf('a')['x-amz-meta-x-team'], 'a')
  const { 'x-amz-server-side-encryption': how, 'x-amz-server-side-encryption-aws-kms-key-id': id, ...rest } = headersOf('b')
  assert.deepEqual([how, id], ['aws:kms', 'arn:key'])
  const context = Buffer.from(rest['x-amz-server-side-encryption-context'] as string, 'base64').toString()
  assert.deepEqual(JSON.parse(context), { cluster_id: 'c1' })
  await byKey.write('c', Buffer.from('x'))
  await byKey.stat('c')
  assert.deepEqual(
    tls.requests.map(({ method, headers }) => [method, headers['x-amz-server-side-encryption-customer-key']]),
    ['PUT', 'HEAD'].map((method) => [method, key.toString('base64')]),
  )
})

/** Over TLS, with the certificate of an authority that is given, since S3 takes a key over nothing else. */
async function servingTls(t: TestContext) {
  const folder = temporaryFolder(t)
  const key = Buffer.alloc(32, 7)
  await writeFile(join(folder, 'key'), key)
  const ok = { 'last-modified': new Date(0).toUTCString(), 'content-length': '0' }
  const service = await startServer(t, (_request, response) => response.writeHead(200, ok).end(), { tls: serverTls })
  const storage = new S3Storage({
    ...s3Options(service.url),
    sseConfig: { type: 'SSE-C', encryptionKey: join(folder, 'key') },
    httpConfig: { tlsConfig: { caFile: pemFile('server.cert') } },
  })
  return { service, storage, key }
}

test('000-18 the client is made with what is configured, or left to its chain of credentials', async () => {
  const optionsOf = async (given: Omit<S3StorageOptions, 'bucket'>) => {
    let seen: Record<string, unknown> = {}
    class S3Client {
      constructor(options: Record<string, unknown>) {
        seen = options
      }
      send = async () => ({})
    }
    await new S3Storage({
      bucket,
      ...given,
      load: async <M>() => ({ S3Client, DeleteObjectCommand: Object, HeadObjectCommand: Object }) as M,
    }).remove('f')
    const { requestHandler: _, ...rest } = seen
    return rest
  }
  const always = { maxAttempts: 1, customUserAgent: userAgent }
  assert.deepEqual(await optionsOf({}), { ...always, forcePathStyle: false })
  assert.deepEqual(
    await optionsOf({ region: 'eu-west-1', endpoint: 's3.eu-west-1.amazonaws.com', accessKey, secretKey, sessionToken: 't' }),
    {
      ...always,
      endpoint: 'https://s3.eu-west-1.amazonaws.com/',
      region: 'eu-west-1',
      forcePathStyle: false,
      credentials: { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken: 't' },
    },
  )
  const elsewhere = { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED', region: 'us-east-1' }
  assert.deepEqual(await optionsOf({ endpoint: 'http://minio:9000', bucketLookupType: 'virtual-hosted' }), {
    ...always,
    ...elsewhere,
    endpoint: 'http://minio:9000/',
    forcePathStyle: false,
  })
  assert.equal((await optionsOf({ endpoint: 'minio:9000' })).forcePathStyle, true)
})

/** A storage elsewhere than AWS whose client answers HEAD and PUT so, one after the other. */
function answering(head: number, ...puts: readonly number[]): S3Storage {
  const failure = (status: number) => Object.assign(new Error('UnknownError'), { name: 'Conflict', $metadata: { httpStatusCode: status } })
  const answers = [head, ...puts]
  class S3Client {
    send = async () => {
      const status = answers.shift()!
      if (status === 404) throw Object.assign(failure(404), { name: 'NotFound' })
      if (status >= 400) throw failure(status)
      return {}
    }
  }
  const load = async <M>() => ({ S3Client, HeadObjectCommand: Object, PutObjectCommand: Object }) as M
  return new S3Storage({ bucket, endpoint: 'http://127.0.0.1:1', load })
}

test('000-18 a create that meets another is tried again, and one that may not look puts all the same', async () => {
  const create = (...answers: [number, ...number[]]) => answering(...answers).create('f', Buffer.from('x'))
  assert.equal(await create(404, 409, 409, 200), true)
  assert.equal(await create(404, 409, 412), false)
  assert.equal(await create(200), false)
  assert.equal(await create(403, 200), true)
  await assert.rejects(create(404, ...Array.from({ length: 6 }, () => 409)), /answered 409/)
  await assert.rejects(create(500), /answered 500/)
})

test('000-18 requests name their sender', async (t) => {
  const { service, storage } = await serving(t)
  await storage.exists('f')
  assert.ok(service.requests[0]!.headers['user-agent']!.includes(userAgent))
})

test('000-18 what cannot be is refused, with what to do', async (t) => {
  for (const wrong of [
    { bucket: '' },
    { accessKey: 'a' },
    { secretKey: 'a' },
    { accessKey: 'a', secretKey: 'b', awsSdkAuth: true },
    { partSize: '1MiB' },
    { stsEndpoint: 'https://sts' },
    { signatureVersion2: true },
    { listObjectsVersion: 'v3' },
    { sseConfig: { type: 'SSE-X' } },
    { endpoint: 'not an address' },
    { unknown: 1 },
  ])
    assert.throws(() => new S3Storage({ bucket, ...wrong } as never), { code: 'INVALID_OPTION' }, JSON.stringify(wrong))
  const folder = temporaryFolder(t)
  await writeFile(join(folder, 'short'), 'not 32 bytes')
  for (const [file, code] of [
    ['short', 'INVALID_OPTION'],
    ['missing', 'FILE_UNREADABLE'],
  ] as const)
    await assert.rejects(
      new S3Storage({ ...s3Options('http://127.0.0.1:1'), sseConfig: { type: 'SSE-C', encryptionKey: join(folder, file) } }).read('f'),
      { code },
    )
  const caFile = join(folder, 'missing')
  await assert.rejects(new S3Storage({ ...s3Options('http://127.0.0.1:1'), httpConfig: { tlsConfig: { caFile } } }).read('f'), {
    code: 'FILE_UNREADABLE',
  })
  const { storage } = await serving(t)
  await assert.rejects(storage.write('k'.repeat(1025), Buffer.from('x')), { code: 'INVALID_OPTION', message: /more than 1024 bytes/ })
})

test('000-18 a package that is missing is told with the command that installs it', async () => {
  const missing = new WaybillError('PACKAGE_MISSING', 'the package @aws-sdk/client-s3 is not installed', { hint: 'run: npm install …' })
  await assert.rejects(new S3Storage({ bucket, load: async () => Promise.reject(missing) }).read('f'), missing)
})
