/** Google's JSON API for storage as its reference describes it, as far as it is used: https://cloud.google.com/storage/docs/json_api/v1 */
import {
  type Asked,
  type Reply,
  type ServiceOptions,
  type ServiceProtocol,
  type StoredObjects,
  serveBucket,
} from '../object-storage/bucket.fixture.ts'
import type { GcsStorageOptions } from './gcs.ts'

export const bucket = 'lake'

export const serveGcs = (options: ServiceOptions = {}) => serveBucket(protocol, options)

export const gcsOptions = (url: string): GcsStorageOptions => ({ bucket, endpoint: url, load: (name) => import(name) })

/** As the service answers when it does not do what it is asked. */
export const gcsError = (status: number, reason: string, message: string, headers: Record<string, string> = {}): Reply =>
  json({ error: { code: status, message, errors: [{ message, domain: 'global', reason }] } }, status, headers)

const protocol: ServiceProtocol = (asked, objects, options) => {
  const { path, method } = asked
  const [, inPath = '', key] =
    /^\/(?:(?:upload|download)\/)?storage\/v1\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(path) ?? /^\/([^/]+)\/(.+)$/.exec(path) ?? []
  if (inPath !== bucket) return gcsError(404, 'notFound', 'The specified bucket does not exist.')
  if (path.startsWith('/upload/')) return upload(asked, objects, options.url)
  if (key === undefined)
    return method === 'GET' ? listing(asked, objects, options) : gcsError(405, 'methodNotAllowed', 'Method not allowed.')
  return ofObject(decodeURIComponent(key), asked, objects)
}

function ofObject(key: string, { method, path, query }: Asked, objects: StoredObjects): Reply {
  const stored = objects.get(key)
  if (!stored) return gcsError(404, 'notFound', `No such object: ${bucket}/${key}`)
  if (method === 'DELETE') return objects.delete(key) ? { status: 204 } : { status: 404 }
  const isMedia = query.get('alt') === 'media' || !path.startsWith('/storage/')
  return isMedia
    ? { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: stored.bytes }
    : json(resource(key, objects))
}

function upload(asked: Asked, objects: StoredObjects, url: string): Reply {
  const { method, query, headers, body } = asked
  const id = query.get('upload_id')
  if (id !== null) return continued(id, asked, objects)
  const name = query.get('name')
  if (method !== 'POST' || !name) return gcsError(400, 'required', 'Required parameter: name')
  if (query.get('ifGenerationMatch') === '0' && objects.has(name))
    return gcsError(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.')
  if (query.get('uploadType') === 'resumable') {
    const session = new URLSearchParams({ uploadType: 'resumable', name, upload_id: objects.begin() })
    return { status: 200, headers: { location: `${url}/upload/storage/v1/b/${bucket}/o?${session}` } }
  }
  if (query.get('uploadType') !== 'media' || !headers['content-type']) return gcsError(400, 'invalid', 'Bad upload type.')
  objects.put(name, body)
  return json(resource(name, objects))
}

/** A request of a resumable upload: `bytes 0-99/*`, of which the length is a multiple of 256 KiB, or the last: `bytes 100-199/200`. */
function continued(id: string, { method, query, headers, body }: Asked, objects: StoredObjects): Reply {
  const parts = objects.uploads.get(id)
  if (!parts) return gcsError(404, 'notFound', 'No such upload.')
  if (method === 'DELETE') return objects.uploads.delete(id) ? { status: 499 } : { status: 404 }
  const sent = Buffer.concat([...parts.values(), body])
  const range = body.length === 0 ? '*' : `${sent.length - body.length}-${sent.length - 1}`
  const isLast = headers['content-range'] === `bytes ${range}/${sent.length}`
  if (!isLast && (headers['content-range'] !== `bytes ${range}/*` || body.length % 2 ** 18 !== 0))
    return gcsError(400, 'badRequest', 'Invalid request.  There were bytes missing, or the range is another.')
  parts.set(parts.size, body)
  if (!isLast) return { status: 308, headers: { range: `bytes=0-${sent.length - 1}` } }
  objects.uploads.delete(id)
  objects.put(query.get('name')!, sent)
  return json(resource(query.get('name')!, objects))
}

function listing({ query }: Asked, objects: StoredObjects, { pageSize = 1000 }: ServiceOptions): Reply {
  const after = Buffer.from(query.get('pageToken') ?? '', 'base64').toString()
  const { objects: listed, prefixes, next } = objects.page(query.get('prefix') ?? '', after, pageSize, !query.has('delimiter'))
  return json({
    kind: 'storage#objects',
    ...(listed.length > 0 && { items: listed.map(({ key }) => resource(key, objects)) }),
    ...(prefixes.length > 0 && { prefixes }),
    ...(next !== undefined && { nextPageToken: Buffer.from(next).toString('base64') }),
  })
}

function resource(name: string, objects: StoredObjects): object {
  const { bytes, modified } = objects.get(name)!
  return { kind: 'storage#object', name, bucket, size: String(bytes.length), updated: modified.toISOString() }
}

const json = (body: object, status = 200, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
  body: JSON.stringify(body),
})
