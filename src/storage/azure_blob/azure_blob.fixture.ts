/** Azure's Blob service as its reference describes it, as far as it is used: https://learn.microsoft.com/rest/api/storageservices/ */
import {
  type Asked,
  escaped,
  type Reply,
  type ServiceOptions,
  type ServiceProtocol,
  type StoredObjects,
  serveBucket,
  xml,
} from '../object-storage/bucket.fixture.ts'
import type { AzureBlobStorageOptions } from './azure_blob.ts'

export const account = 'waybilltest'
export const container = 'lake'
export const accountKey = Buffer.from('a key of the account, which nobody may see').toString('base64')

export const serveAzureBlob = (options: ServiceOptions = {}) => serveBucket(protocol, options)

export const azureBlobOptions = (url: string): AzureBlobStorageOptions => ({
  storageAccount: account,
  storageAccountKey: accountKey,
  endpoint: `${url}/${account}`,
  container,
  load: (name) => import(name),
})

/** As the service answers when it does not do what it is asked. */
export const azureError = (status: number, code: string, message: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/xml', 'x-ms-error-code': code, ...headers },
  body: `<?xml version="1.0" encoding="utf-8"?>${xml('Error', xml('Code', code), xml('Message', message))}`,
})

const protocol: ServiceProtocol = (asked, objects, options) => {
  const { path, query, headers, method } = asked
  if (!headers.authorization?.startsWith(`SharedKey ${account}:`) && !query.has('sig'))
    return azureError(403, 'AuthenticationFailed', 'Server failed to authenticate the request.\nRequestId:1')
  const [, , inPath = '', ...parts] = path.split('/').map(decodeURIComponent)
  if (inPath !== container) return azureError(404, 'ContainerNotFound', 'The specified container does not exist.')
  if (query.get('restype') === 'container') {
    if (method === 'PUT') return azureError(409, 'ContainerAlreadyExists', 'The specified container already exists.')
    return listing(asked, objects, options)
  }
  return ofBlob(parts.join('/'), asked, objects)
}

function ofBlob(key: string, { method, headers, query, body }: Asked, objects: StoredObjects): Reply {
  const stored = objects.get(key)
  if (query.get('comp') === 'block') {
    if (!objects.uploads.has(key)) objects.uploads.set(key, new Map())
    objects.uploads.get(key)!.set(query.get('blockid')!, body)
    return created
  }
  if (method === 'PUT') {
    if (headers['if-none-match'] === '*' && stored) return azureError(409, 'BlobAlreadyExists', 'The specified blob already exists.')
    if (query.get('comp') !== 'blocklist' && headers['x-ms-blob-type'] !== 'BlockBlob')
      return azureError(400, 'InvalidHeaderValue', 'The value for one of the HTTP headers is not in the correct format.')
    objects.put(key, query.get('comp') === 'blocklist' ? committed(key, body.toString(), objects) : body)
    return created
  }
  if (!stored) return azureError(404, 'BlobNotFound', 'The specified blob does not exist.')
  if (method === 'DELETE') return objects.delete(key) ? { status: 202 } : { status: 404 }
  const { bytes, modified } = stored
  return {
    status: 200,
    headers: {
      'content-length': String(bytes.length),
      'last-modified': modified.toUTCString(),
      etag: '"0x1"',
      'x-ms-blob-type': 'BlockBlob',
    },
    body: bytes,
  }
}

function committed(key: string, list: string, objects: StoredObjects): Uint8Array {
  const blocks = objects.uploads.get(key)
  objects.uploads.delete(key)
  return Buffer.concat([...list.matchAll(/<Latest>([^<]+)</g)].map(([, id]) => blocks!.get(id!)!))
}

function listing({ query }: Asked, objects: StoredObjects, { pageSize = 5000 }: ServiceOptions): Reply {
  const page = objects.page(query.get('prefix') ?? '', Buffer.from(query.get('marker') ?? '', 'base64').toString(), pageSize)
  const blobs = page.objects.map(({ key, size, modifiedMs }) => {
    const properties = xml('Properties', xml('Last-Modified', new Date(modifiedMs).toUTCString()), xml('Content-Length', String(size)))
    return xml('Blob', xml('Name', escaped(key)), properties)
  })
  const prefixes = page.prefixes.map((prefix) => xml('BlobPrefix', xml('Name', escaped(prefix))))
  const next = xml('NextMarker', Buffer.from(page.next ?? '').toString('base64'))
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="utf-8"?>${xml('EnumerationResults', xml('Blobs', ...blobs, ...prefixes), next)}`,
  }
}

const created: Reply = { status: 201, headers: { etag: '"0x1"', 'last-modified': new Date(0).toUTCString() } }
