import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { WaybillError } from '../../sdk.ts'
import { accessKey, secretKey, serveS3 } from '../s3/s3.fixture.ts'
import { bucketConfigIn, openStorage } from './open-storage.ts'

const opened = (text: string) => {
  const { type, location } = openStorage(bucketConfigIn(text))
  return `${type} ${location}`
}

test('000-18 bucket files are read as Thanos and OpenCost write them, types in any case', () => {
  const s3 = `
type: S3
config:
  bucket: lake
  endpoint: s3.eu-west-1.amazonaws.com
  region: eu-west-1
  aws_sdk_auth: false
  access_key: ${accessKey}
  secret_key: ${secretKey}
  insecure: false
  signature_version2: false
  put_user_metadata: { X_Team: a }
  http_config: { idle_conn_timeout: 1m30s, response_header_timeout: 2m, insecure_skip_verify: false }
  part_size: 67108864
  sse_config: { type: SSE-KMS, kms_key_id: k, kms_encryption_context: { cluster_id: c } }
  list_objects_version: v1
  sts_endpoint: ""
prefix: /waybill/
`
  assert.equal(opened(s3), 'bucket|s3 https://s3.eu-west-1.amazonaws.com/lake/waybill')
  const { config } = bucketConfigIn(s3) as {
    config: { putUserMetadata: object; sseConfig: object; httpConfig: { idleConnTimeout: number } }
  }
  assert.deepEqual([config.putUserMetadata, config.httpConfig.idleConnTimeout], [{ X_Team: 'a' }, 90_000])
  assert.deepEqual(config.sseConfig, { type: 'SSE-KMS', kmsKeyId: 'k', kmsEncryptionContext: { cluster_id: 'c' } })
  assert.ok(!inspect(bucketConfigIn(s3), { depth: 9 }).includes(secretKey), 'the key can be seen')
  const azure = `
type: azure
config:
  storage_account: acct
  storage_account_key: a2V5
  storage_connection_string: ""
  container: lake
  endpoint: ""
  user_assigned_id: ""
  msi_resource: ""
  pipeline_config: { max_tries: 3, try_timeout: 30s, retry_delay: 1s, max_retry_delay: 5s }
  reader_config: { max_retry_requests: 2 }
`
  assert.equal(opened(azure), 'bucket|azure https://acct.blob.core.windows.net/lake')
  assert.equal(
    opened('type: Gcs\nconfig:\n  bucket: lake\n  service_account: |-\n    { "type": "service_account" }\n'),
    'bucket|gcs gs://lake',
  )
  assert.equal(opened('type: FILESYSTEM\nconfig: { directory: /var/lake }\nprefix: a/b'), 'file /var/lake/a/b')
})

test('000-18 what is wrong with a bucket file is told, with what was expected and no secret', () => {
  for (const [text, says] of [
    ['type: CLUSTER\nconfig: {}', /type: .*write type \(S3, AZURE, GCS or FILESYSTEM\)/],
    [`type: S3\nconfig: { buckett: lake, secret_key: ${secretKey} }`, /config\.bucket: .*config: Unrecognized key: "buckett"/],
    [`type: S3\nconfig: { bucket: lake, secret_key: ${secretKey} }`, /config\.secret_key: access_key and secret_key go together/],
    ['type: S3\nconfig: { bucket: lake, sts_endpoint: x }', /config\.sts_endpoint: is not taken: set AWS_ENDPOINT_URL_STS/],
    [`type: S3\nconfig: { secret_key: ${secretKey}`, /this describes no bucket/],
    ['', /this describes no bucket/],
  ] as const)
    assert.throws(
      () => bucketConfigIn(text),
      (error) => {
        assert.ok(error instanceof WaybillError && error.code === 'INVALID_OPTION')
        assert.match(error.explain(), says)
        return !error.explain().includes(secretKey)
      },
      text,
    )
})

test('000-18 a storage has an address', () => {
  const env = { AZURE_STORAGE_ACCOUNT: 'acct', AZURE_STORAGE_KEY: 'a2V5' }
  const at = (url: string) => {
    const { type, location } = openStorage(url, { env })
    return `${type} ${location}`
  }
  assert.equal(at('s3://lake/a/b%20c?region=eu-west-1'), 'bucket|s3 s3://lake/a/b c')
  assert.equal(at('s3://lake?endpoint=minio:9000&insecure=true'), 'bucket|s3 http://minio:9000/lake')
  assert.equal(at('az://lake/a'), 'bucket|azure https://acct.blob.core.windows.net/lake/a')
  assert.equal(at('az://lake?storage_account=other'), 'bucket|azure https://other.blob.core.windows.net/lake')
  assert.equal(at('gs://lake/'), 'bucket|gcs gs://lake')
  assert.equal(at('file:///var/lake'), 'file /var/lake')
  assert.equal(at('memory:'), 'memory memory')
  for (const wrong of [
    'lake',
    'http://lake',
    's3://',
    's3://lake/%zz',
    's3://lake?unknown=1',
    'az://lake?part_size=1',
    's3://lake/..%2f..',
    'file://host/a',
    's3://lake?list_objects_version=v3',
  ])
    assert.throws(() => openStorage(wrong, { env }), { code: 'INVALID_OPTION' }, wrong)
  for (const shown of [
    's3://key:secret1234@lake',
    `s3://key:${secretKey}@lake`,
    `s3://lake?secret_key=${encodeURIComponent(secretKey)}&access_key=a`,
    'az://lake?sas_token=secret',
  ])
    assert.throws(
      () => openStorage(shown, { env }),
      (error: WaybillError) => /holds a credential|^what is given/.test(error.message) && !/secret1234|=secret/.test(error.explain()),
      shown,
    )
})

test('000-18 what is opened works, below its prefix', async (t) => {
  const service = await serveS3()
  t.after(() => service.close())
  const config = { bucket: 'lake', endpoint: service.url, access_key: accessKey, secret_key: secretKey }
  const storage = openStorage(bucketConfigIn(JSON.stringify({ type: 'S3', config, prefix: 'a' })), { load: (name) => import(name) })
  await storage.write('b/f', Buffer.from('x'))
  assert.deepEqual([...service.objects.keys()], ['a/b/f'])
  assert.deepEqual(await storage.listDirectories(''), ['b'])
})
