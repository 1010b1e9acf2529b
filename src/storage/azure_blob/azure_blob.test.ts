import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { userAgent } from '../../http/user-agent.ts'
import { WaybillError } from '../../sdk.ts'
import { account, accountKey, azureBlobOptions, azureError, container, serveAzureBlob } from './azure_blob.fixture.ts'
import { AzureBlobStorage, type AzureBlobStorageOptions } from './azure_blob.ts'

async function serving(t: TestContext, options: Partial<AzureBlobStorageOptions> = {}) {
  const service = await serveAzureBlob()
  t.after(() => service.close())
  return { service, storage: new AzureBlobStorage({ ...azureBlobOptions(service.url), ...options }) }
}

test('000-18 it is a bucket of Azure, at its address', () => {
  const { type, location } = new AzureBlobStorage({ storageAccount: account, container })
  assert.deepEqual([type, location], ['bucket|azure', `https://${account}.blob.core.windows.net/lake`])
  const string = `DefaultEndpointsProtocol=https;AccountName=${account};AccountKey=${accountKey};EndpointSuffix=core.usgovcloudapi.net`
  assert.equal(
    new AzureBlobStorage({ storageConnectionString: string, container }).location,
    `https://${account}.blob.core.usgovcloudapi.net/lake`,
  )
})

test('000-18 the container is made with the first file, and whoever may not make it goes on', async (t) => {
  const { service, storage } = await serving(t)
  assert.equal(await storage.exists('f'), false)
  const made = () => service.requests.filter(({ method, url }) => method === 'PUT' && url.includes('restype=container')).length
  assert.equal(made(), 0)
  for (const name of ['f', 'g']) await storage.write(name, Buffer.from('x'))
  assert.equal(made(), 1)
  assert.ok(service.requests[0]!.headers['user-agent']!.startsWith(`${userAgent} `))
  const { service: strict, storage: narrow } = await serving(t)
  strict.misbehave(azureError(403, 'AuthorizationPermissionMismatch', 'You may not make containers.'))
  await assert.rejects(narrow.write('f', Buffer.from('x')), { code: 'DESTINATION_UNAVAILABLE' })
  strict.misbehave(undefined)
  await narrow.write('f', Buffer.from('x'))
  assert.ok(strict.objects.has('f'))
})

test('000-18 a container that is missing holds nothing; one that was deleted is made anew', async (t) => {
  const { service, storage } = await serving(t)
  await storage.write('f', Buffer.from('x'))
  service.misbehave(azureError(404, 'ContainerNotFound', 'The specified container does not exist.'))
  assert.deepEqual([await storage.read('f'), await storage.list(''), await storage.listDirectories('')], [undefined, [], []])
  await assert.rejects(storage.write('f', Buffer.from('x')), /answered 404 ContainerNotFound/)
  service.misbehave(undefined)
  await storage.write('f', Buffer.from('y'))
  assert.equal(service.requests.filter(({ url, method }) => method === 'PUT' && url.includes('restype=container')).length, 2)
})

test('000-18 a long stream is put in blocks, of which none shows when it breaks off', async (t) => {
  const { service, storage } = await serving(t, { partSize: '1MiB' })
  const bytes = Buffer.alloc(3 * 2 ** 20 + 1, 'waybill')
  await storage.writeStream(
    'd/f',
    (async function* () {
      yield bytes
    })(),
  )
  assert.ok(bytes.equals((await storage.read('d/f'))!))
  assert.equal(service.requests.filter(({ url }) => url.includes('comp=block&')).length, 4)
})

test('000-18 who sends: a key, a connection string, a SAS token, an application, a managed identity, or whom the environment has', async () => {
  const made: unknown[] = []
  const told = (name: string) =>
    class {
      constructor(...given: unknown[]) {
        made.push([name, ...given])
      }
    }
  class BlobServiceClient {
    static fromConnectionString(text: string) {
      made.push(['string', text])
      return new BlobServiceClient('', undefined)
    }
    constructor(url: string, _credential: unknown) {
      if (url.includes('?')) made.push(['url', url])
    }
    getContainerClient = () => ({ getBlockBlobClient: () => ({ getProperties: async () => ({}) }) })
  }
  const names = ['StorageSharedKeyCredential', 'DefaultAzureCredential', 'ManagedIdentityCredential', 'ClientSecretCredential']
  const modules = { BlobServiceClient, ...Object.fromEntries(names.map((name) => [name, told(name)])) }
  for (const who of [
    { storageAccountKey: accountKey },
    { storageConnectionString: 'AccountName=a;AccountKey=b' },
    { sasToken: '?sv=1&sig=abc' },
    { azTenantId: 't', clientId: 'c', clientSecret: 's' },
    { userAssignedId: 'u' },
    {},
  ])
    await new AzureBlobStorage({ storageAccount: account, container, ...who, load: async <M>() => modules as M }).stat('f')
  assert.deepEqual(made, [
    ['StorageSharedKeyCredential', account, accountKey],
    ['string', 'AccountName=a;AccountKey=b'],
    ['url', `https://${account}.blob.core.windows.net?sv=1&sig=abc`],
    ['ClientSecretCredential', 't', 'c', 's'],
    ['ManagedIdentityCredential', { clientId: 'u' }],
    ['DefaultAzureCredential'],
  ])
})

test('000-18 what cannot be is refused, with what to do, and no secret in it', async () => {
  for (const wrong of [
    { container: '' },
    { storageAccount: undefined },
    { storageAccountKey: 'a', sasToken: 'b' },
    { clientSecret: 'a' },
    { partSize: 1 },
    { unknown: 1 },
  ])
    assert.throws(
      () => new AzureBlobStorage({ storageAccount: account, container, ...wrong } as never),
      { code: 'INVALID_OPTION' },
      JSON.stringify(wrong),
    )
  const none = new AzureBlobStorage({
    storageConnectionString: 'no connection string, but a secret',
    container,
    load: (name) => import(name),
  })
  await assert.rejects(none.read('f'), (error: WaybillError) => {
    assert.equal(error.code, 'INVALID_OPTION')
    return !error.explain().includes('secret')
  })
  const missing = new WaybillError('PACKAGE_MISSING', 'the package @azure/storage-blob is not installed', { hint: 'run: npm install …' })
  await assert.rejects(
    new AzureBlobStorage({ storageAccount: account, container, load: async () => Promise.reject(missing) }).read('f'),
    missing,
  )
})
