/** S3 as its API reference describes it, as far as it is used: https://docs.aws.amazon.com/AmazonS3/latest/API/ */
import { createHash } from 'node:crypto'
import {
  type Asked,
  type Reply,
  type ServiceOptions,
  type ServiceProtocol,
  type StoredObjects,
  serveBucket,
  xml,
} from '../object-storage/bucket.fixture.ts'
import type { S3StorageOptions } from './s3.ts'

export const bucket = 'lake'
export const accessKey = 'AKIAWAYBILLTEST0001'
export const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYsecret1234'

export const serveS3 = (options: ServiceOptions = {}) => serveBucket(protocol, options)

export const s3Options = (url: string): S3StorageOptions => ({ bucket, endpoint: url, accessKey, secretKey, load: (name) => import(name) })

/** As S3 answers when it does not do what it is asked. */
export const s3Error = (status: number, code: string, message: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/xml', ...headers },
  body: `<?xml version="1.0" encoding="UTF-8"?>${xml('Error', xml('Code', code), xml('Message', message))}`,
})

const protocol: ServiceProtocol = (asked, objects, options) => {
  const { path, headers } = asked
  if (!headers.authorization?.startsWith(`AWS4-HMAC-SHA256 Credential=${accessKey}/`)) return s3Error(403, 'AccessDenied', 'Access Denied')
  const [, inPath = '', ...parts] = path.split('/').map(decodeURIComponent)
  if (inPath !== bucket) return s3Error(404, 'NoSuchBucket', 'The specified bucket does not exist')
  const key = parts.join('/')
  if (key === '') return listing(asked, objects, options)
  return asked.query.has('uploadId') || asked.query.has('uploads') ? ofUpload(key, asked, objects) : ofObject(key, asked, objects)
}

function ofObject(key: string, { method, headers, body }: Asked, objects: StoredObjects): Reply {
  const stored = objects.get(key)
  if (method === 'PUT') {
    if (headers['if-none-match'] === '*' && stored)
      return s3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
    objects.put(key, body)
    return { status: 200, headers: { etag: etagOf(body) } }
  }
  if (method === 'DELETE') {
    objects.delete(key)
    return { status: 204 }
  }
  if (!stored) return s3Error(404, 'NoSuchKey', 'The specified key does not exist.')
  const { bytes, modified } = stored
  return {
    status: 200,
    headers: { 'content-length': String(bytes.length), 'last-modified': modified.toUTCString(), etag: etagOf(bytes) },
    body: bytes,
  }
}

function ofUpload(key: string, { method, query, body }: Asked, objects: StoredObjects): Reply {
  if (query.has('uploads'))
    return ofXml(xml('InitiateMultipartUploadResult', xml('Bucket', bucket), xml('Key', 'k'), xml('UploadId', objects.begin())))
  const id = query.get('uploadId')!
  const parts = objects.uploads.get(id)
  if (!parts) return s3Error(404, 'NoSuchUpload', 'The specified upload does not exist.')
  if (method === 'PUT') {
    parts.set(Number(query.get('partNumber')), body)
    return { status: 200, headers: { etag: etagOf(body) } }
  }
  objects.uploads.delete(id)
  if (method === 'DELETE') return { status: 204 }
  const sorted = [...parts].sort(([a], [b]) => Number(a) - Number(b)).map(([, bytes]) => bytes)
  if (sorted.slice(0, -1).some((part) => part.length < 5 * 2 ** 20))
    return s3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed object size.')
  objects.put(key, Buffer.concat(sorted))
  return ofXml(xml('CompleteMultipartUploadResult', xml('ETag', 'x')))
}

/** Version 2, or 1 without `list-type`. */
function listing({ query }: Asked, objects: StoredObjects, { pageSize = 1000 }: ServiceOptions): Reply {
  const isSecond = query.get('list-type') === '2'
  const after = (isSecond ? query.get('continuation-token') : query.get('marker')) ?? ''
  const page = objects.page(query.get('prefix') ?? '', after, pageSize)
  const encoded = (name: string) => encodeURIComponent(name).replaceAll('%20', '+').replaceAll('%2F', '/')
  const next = page.next && (isSecond ? xml('NextContinuationToken', page.next) : xml('NextMarker', encoded(page.next)))
  return ofXml(
    xml(
      'ListBucketResult',
      xml('EncodingType', 'url'),
      xml('IsTruncated', String(page.next !== undefined)),
      next ?? '',
      ...page.objects.map(({ key, size, modifiedMs }) =>
        xml('Contents', xml('Key', encoded(key)), xml('LastModified', new Date(modifiedMs).toISOString()), xml('Size', String(size))),
      ),
      ...page.prefixes.map((prefix) => xml('CommonPrefixes', xml('Prefix', encoded(prefix)))),
    ),
  )
}

const ofXml = (body: string): Reply => ({ status: 200, headers: { 'content-type': 'application/xml' }, body })

const etagOf = (bytes: Uint8Array): string => `"${createHash('md5').update(bytes).digest('hex')}"`
