/** What becomes of a batch when a bucket cannot take it. */
import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { serverTls, startServer } from '../../http/server.fixture.ts'
import { type Context, createContext, type ExportResult, metrics, ok, series, WaybillError } from '../../sdk.ts'
import { accountKey, azureBlobOptions, azureError, serveAzureBlob } from '../../storage/azure_blob/azure_blob.fixture.ts'
import { AzureBlobStorage } from '../../storage/azure_blob/azure_blob.ts'
import { gcsError, gcsOptions, serveGcs } from '../../storage/gcs/gcs.fixture.ts'
import { GcsStorage } from '../../storage/gcs/gcs.ts'
import type { BucketService, Reply } from '../../storage/object-storage/bucket.fixture.ts'
import { s3Error, s3Options, secretKey, serveS3 } from '../../storage/s3/s3.fixture.ts'
import { S3Storage } from '../../storage/s3/s3.ts'
import { BatchStorageExporter } from './storage.ts'

const at = new Date('2025-05-19T22:00:00Z')
const batch = metrics([{ series: series('load', { core: '0' }), timeMs: at.getTime(), value: 0.5 }])
const path = 'c/metrics/20250519220000.jsonl'

const services = [
  {
    name: 's3',
    serve: serveS3,
    open: (url: string) => new S3Storage(s3Options(url)),
    secret: secretKey,
    denied: s3Error(403, 'AccessDenied', 'Access Denied'),
    permission: /let these credentials s3:GetObject, s3:PutObject and s3:DeleteObject in lake\/\* and s3:ListBucket in lake/,
    gone: s3Error(404, 'NoSuchBucket', 'The specified bucket does not exist'),
    create: /create the bucket lake/,
    error: s3Error,
  },
  {
    name: 'azure',
    serve: serveAzureBlob,
    open: (url: string) => new AzureBlobStorage(azureBlobOptions(url)),
    secret: accountKey,
    denied: azureError(403, 'AuthorizationPermissionMismatch', 'This request is not authorized to perform this operation.'),
    permission: /role Storage Blob Data Contributor/,
    gone: azureError(404, 'ResourceNotFound', 'The specified resource does not exist.'),
    create: /check the names of account and container/,
    error: azureError,
  },
  {
    name: 'gcs',
    serve: serveGcs,
    open: (url: string) => new GcsStorage(gcsOptions(url)),
    secret: 'nothing is shown to a service elsewhere',
    denied: gcsError(403, 'forbidden', 'user@example.com does not have storage.objects.create access to the bucket.'),
    permission: /role Storage Object User in the bucket lake/,
    gone: gcsError(404, 'notFound', 'The specified bucket does not exist.'),
    create: /create the bucket lake/,
    error: gcsError,
  },
] as const

/** One try of a delivery that is tried again. */
const tries = (attempt: number, given: Partial<Context> = {}): Context =>
  createContext({ delivery: { id: 'one', attempt, firstAcceptedMs: 0 }, ...given })

for (const { name, serve, open, secret, denied, permission, gone, create, error } of services)
  describe(`000-18 exporter storage in ${name}`, () => {
    async function serving(t: TestContext): Promise<{ service: BucketService; exporter: BatchStorageExporter }> {
      const service = await serve()
      t.after(() => service.close())
      return { service, exporter: to(service.url) }
    }

    const to = (url: string) => new BatchStorageExporter({ storage: open(url), paths: { type: 'event', cluster: 'c' } })

    /** The text of what it says, in which the secret is not. */
    function told(result: ExportResult): string {
      assert.ok(result.status === 'retry' || result.status === 'too-large', inspect(result))
      assert.ok(result.error instanceof WaybillError)
      assert.ok(!inspect(result, { depth: 9, showHidden: true }).includes(secret), 'the result holds the secret')
      return result.error.explain()
    }

    /** Answers that leave the batch to wait, and then it is stored, once. */
    for (const [what, reply, says] of [
      ['401', error(401, 'Unauthorized', 'Who are you?'), /answered 401.*check the credentials/],
      ['403', denied, permission],
      ['404', gone, create],
      ['429 with Retry-After', error(429, 'TooManyRequests', 'Slow down', { 'retry-after': '7' }), /answered 429.*fewer requests/],
      ['500', error(500, 'InternalError', 'We encountered an internal error.'), /answered 500.*a problem of its own/],
      ['503 of a proxy', { status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>Sorry</h1>' }, /answered 503/],
    ] as const)
      test(`${what}: the batch waits, and is stored once`, async (t) => {
        const { service, exporter } = await serving(t)
        service.misbehave(reply as Reply)
        const result = await exporter.export(at, batch, tries(1))
        assert.match(told(result), says)
        assert.ok(result.status === 'retry' && result.scope === 'destination')
        assert.equal(result.afterMs, what.startsWith('429') ? 7000 : undefined)
        assert.equal(exporter.health().state, 'unhealthy')
        service.misbehave(undefined)
        assert.deepEqual(await exporter.export(at, batch, tries(2)), ok)
        assert.deepEqual([...service.objects.keys()], [path])
        assert.deepEqual(exporter.health(), { state: 'healthy' })
      })

    test('413: the batch is to come in smaller pieces', async (t) => {
      const { service, exporter } = await serving(t)
      service.misbehave(error(413, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size'))
      const result = await exporter.export(at, batch, tries(1))
      assert.match(told(result), /answered 413.*send smaller batches/)
      assert.equal(result.status, 'too-large')
    })

    test('refused, cut off and restarted: the batch waits, and is stored once', async (t) => {
      const { service, exporter } = await serving(t)
      service.misbehave('cut')
      assert.match(told(await exporter.export(at, batch, tries(1))), /cannot send to/)
      await service.close()
      assert.match(told(await exporter.export(at, batch, tries(2))), /ECONNREFUSED.*see that the server is running/)
      const again = await serve({ port: service.port })
      t.after(() => again.close())
      assert.deepEqual(await exporter.export(at, batch, tries(3)), ok)
      assert.deepEqual([...again.objects.keys()], [path])
    })

    test('a service that hangs is left when nobody waits any more', async (t) => {
      const { service, exporter } = await serving(t)
      service.misbehave('hang')
      const leaving = new AbortController()
      const exporting = exporter.export(at, batch, tries(1, { signal: leaving.signal }))
      while (service.requests.length === 0) await new Promise(setImmediate)
      leaving.abort()
      assert.equal((await exporting).status, 'retry')
      service.misbehave(undefined)
      assert.deepEqual(await exporter.export(at, batch, tries(2)), ok)
      assert.deepEqual([...service.objects.keys()], [path])
    })

    test('an answer that is lost: what was stored is known again', async (t) => {
      const { service, exporter } = await serving(t)
      service.misbehave('lose')
      assert.equal((await exporter.export(at, batch, tries(1))).status, 'retry')
      assert.deepEqual([...service.objects.keys()], [path])
      service.misbehave(undefined)
      assert.deepEqual(await exporter.export(at, batch, tries(2)), ok)
      assert.deepEqual([...service.objects.keys()], [path])
    })

    test('a host that is not there, and one that cannot show who it is', async (t) => {
      assert.match(
        told(await to('http://waybill.invalid:9000').export(at, batch, tries(1))),
        /(ENOTFOUND|EAI_AGAIN).*check the spelling of the host/,
      )
      const server = await startServer(t, undefined, { tls: serverTls })
      assert.match(told(await to(server.url).export(at, batch, tries(1))), /certificate.*if the server is to be trusted/)
    })
  })
