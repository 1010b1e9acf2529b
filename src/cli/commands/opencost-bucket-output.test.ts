import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Context, createContext } from '../../core/context.ts'
import { WaybillError } from '../../core/errors.ts'
import { startServer } from '../../http/server.fixture.ts'
import { OpenCostSimulator } from '../../opencost/simulator/simulator.ts'
import { accessKey, s3Error, secretKey, serveS3 } from '../../storage/s3/s3.fixture.ts'
import { runCommand } from './opencost.fixture.ts'
import { BucketOutput } from './opencost-bucket-output.ts'

/** A bucket whose keys are in the environment, and what is left in the folder for temporary files. */
async function bucket(t: TestContext) {
  const service = await serveS3()
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bucket-'))
  const given = { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey, TMPDIR: folder }
  const before = Object.fromEntries(Object.keys(given).map((name) => [name, process.env[name]]))
  Object.assign(process.env, given)
  t.after(async () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
    rmSync(folder, { recursive: true })
    await service.close()
  })
  return {
    service,
    /** With a setting of the bucket file behind the question mark. */
    at: (path: string) => `s3://lake/${path}?endpoint=${encodeURIComponent(service.url)}`,
    stored: () => Object.fromEntries([...service.objects].map(([key, { bytes }]) => [key, String(Buffer.from(bytes))])),
    left: () => readdirSync(folder),
  }
}

/** Runs `opencost export`; `said` is what it tells on standard error. */
async function exporting(t: TestContext, endpoint: string, ...args: string[]) {
  let said = ''
  const mocked = t.mock.method(process.stderr, 'write', (part: string) => {
    said += part
    return true
  })
  const ran = await runCommand('opencost', 'export', '--endpoint', endpoint, '--retries', '0', ...args)
  mocked.mock.restore()
  return { ...ran, said: said.trim().split('\n') }
}

async function simulator(t: TestContext) {
  const simulated = new OpenCostSimulator({ namespaces: 4, pods: 20, nodes: 3, seed: 1 })
  const url = await simulated.listen(0)
  t.after(() => simulated.close())
  return url
}

test('an export to a bucket is an object each, and leaves nothing on this machine', async (t) => {
  const { service, at, stored, left } = await bucket(t)
  const outputs = ['--allocation-output', at('costs/a b.json'), '--assets-output', at('costs/b.csv')]
  const { code, said } = await exporting(t, await simulator(t), '--aggregate', 'namespace', ...outputs)
  assert.equal(code, 0)
  assert.match(said[0]!, new RegExp(`^4 allocations from .* → ${service.url}/lake/costs/a b\\.json \\(`))
  assert.deepEqual(Object.keys(stored()), ['costs/a b.json', 'costs/b.csv'])
  const rows = stored()['costs/a b.json']!.trimEnd().split('\n')
  assert.equal(new Set(rows.map((row) => JSON.parse(row).AllocationName)).size, 4)
  assert.deepEqual(left(), [])
})

test('an export that fails puts nothing into the bucket', async (t) => {
  const { service, at, stored, left } = await bucket(t)
  const source = await simulator(t)
  service.misbehave(s3Error(403, 'AccessDenied', 'Access Denied'))
  const denied = await exporting(t, source, '--output', at('a.json'))
  assert.deepEqual([denied.code, /answered 403.*s3:PutObject/.test(denied.error)], [1, true], denied.error)
  assert.ok(!denied.error.includes(secretKey))
  service.misbehave(undefined)
  const unreached = await exporting(t, 'http://127.0.0.1:1', '--output', at('a.json'))
  assert.equal(unreached.code, 1)
  assert.deepEqual([stored(), left()], [{}, []])
})

test('a bucket that is not reached is told before anything is asked for; so is an address that is none', async (t) => {
  const { service, at } = await bucket(t)
  const source = await startServer(t)
  await service.close()
  const away = await exporting(t, source.url, '--output', at('a.json'))
  assert.deepEqual([away.code, /ECONNREFUSED.*see that the server is running/.test(away.error)], [1, true], away.error)
  for (const [output, says] of [
    ['s3://lake', /names no file; write its path behind the bucket/],
    ['gs://lake/costs/', /names no file/],
    ['s3://', /is not the address of a storage/],
    ['s3://key:secret1234@lake/a', /holds a credential/],
    ['s3://lake/a?unknown=1', /Unrecognized key/],
  ] as const) {
    const { code, error } = await exporting(t, source.url, '--output', output)
    assert.deepEqual([code, says.test(error), error.includes('secret1234')], [2, true, false], error)
  }
  const { code, error } = await exporting(t, source.url, '--output', at('a.json'), '--step', '1h', '--resume')
  assert.deepEqual([code, /--resume is for exports in steps to files/.test(error)], [2, true], error)
  assert.deepEqual(source.requests, [])
})

test('an upload is tried again while the service has troubles of its own, and no longer than that', async (t) => {
  const { service, at, stored, left } = await bucket(t)
  const trouble = s3Error(503, 'SlowDown', 'Please reduce your request rate.')
  const pauses: number[] = []
  let goodAfter = 2
  const context: Context = createContext({
    clock: {
      now: () => 0,
      monotonic: () => 0,
      async sleep(ms) {
        pauses.push(ms)
        if (pauses.length === goodAfter) service.misbehave(undefined)
      },
    },
  })
  const sent = async () => {
    const output = await BucketOutput.open(at('a'), context)
    await output.write(Buffer.from('costs'))
    service.misbehave(trouble)
    try {
      await output.commit()
    } finally {
      await output.discard()
    }
  }
  await sent()
  assert.deepEqual([pauses, stored(), left()], [[1000, 5000], { a: 'costs' }, []])
  goodAfter = 0
  await assert.rejects(sent(), (error: WaybillError) => error instanceof WaybillError && /answered 503 SlowDown/.test(error.explain()))
  assert.deepEqual([pauses.length, left()], [4, []])
})
