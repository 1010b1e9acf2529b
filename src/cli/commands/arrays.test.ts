import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { alerts, metrics } from './arrays-data.ts'
import { add, list, remove, sync } from './arrays-registry.ts'
import { printed } from './printed.fixture.ts'

const array = {
  id: '7f2c-1',
  name: 'fake driver',
  vendor: 'fake_vendor',
  model: 'fake_model',
  serial_number: 'S-1',
  status: 'normal',
  sync_status: 'SYNCED',
  total_capacity: 1000,
  used_capacity: 250,
}
const other = { ...array, id: '7f2d', name: null, used_capacity: null }

interface Asked {
  readonly request: string
  readonly body: unknown
  readonly authorization: string | undefined
}

/** A server that answers by method and path, and what it was asked. */
async function serving(t: TestContext, answers: Readonly<Record<string, readonly [status: number, body?: unknown]>>) {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const text = (await request.toArray()).join('')
    const { method, url = '', headers } = request
    asked.push({ request: `${method} ${decodeURIComponent(url)}`, body: text && JSON.parse(text), authorization: headers.authorization })
    const [status, body] = answers[`${method} ${url.split('?')[0]}`] ?? [404, { error_code: 'NotFound', error_msg: 'Nothing is there.' }]
    response.writeHead(status, { connection: 'close' }).end(body === undefined ? '' : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return { asked, options: { api: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }
}

const both = { 'GET /v1/storages': [200, { storages: [array, other] }] } as const

test('arrays list: a line for each', async (t) => {
  const { options } = await serving(t, both)
  assert.equal(
    await printed(t, () => list(options)),
    `id      name         vendor       model       serial number  status  sync    used
7f2c-1  fake driver  fake_vendor  fake_model  S-1            normal  SYNCED  25 %
7f2d    -            fake_vendor  fake_model  S-1            normal  SYNCED     -
`,
  )
  const json = await printed(t, () => list({ ...options, json: true }))
  assert.deepEqual(JSON.parse(json), [array, other])
  const none = await serving(t, { 'GET /v1/storages': [200, { storages: [] }] })
  assert.equal(await printed(t, () => list(none.options)), 'no array is registered\n')
})

test('004-12 arrays add: registers an array with a password from the environment', async (t) => {
  const { asked, options } = await serving(t, { 'POST /v1/storages': [201, array] })
  process.env.WAYBILL_ARRAY_PASSWORD = 'pass'
  t.after(() => delete process.env.WAYBILL_ARRAY_PASSWORD)
  const fake = {
    vendor: 'fake_storage',
    model: 'fake_driver',
    host: '10.0.0.1',
    port: '8078',
    username: 'username',
    access: 'rest',
  } as const
  assert.match(await printed(t, () => add({ ...options, ...fake })), /^id .*\n7f2c-1 /)
  assert.deepEqual(asked[0]!.body, {
    vendor: 'fake_storage',
    model: 'fake_driver',
    rest: { host: '10.0.0.1', port: 8078, username: 'username', password: 'pass' },
  })
  await printed(t, () => add({ ...options, ...fake, attribute: ['array_id=0001', 'tls='] }))
  assert.deepEqual((asked[1]!.body as { extra_attributes: object }).extra_attributes, { array_id: '0001', tls: '' })
  await assert.rejects(add({ ...options, ...fake, attribute: ['0001'] }), {
    code: 'INVALID_OPTION',
    message: '--attribute "0001" is not an attribute',
  })
  delete process.env.WAYBILL_ARRAY_PASSWORD
  await assert.rejects(add({ ...options, ...fake }), { code: 'INVALID_OPTION', message: 'the password is missing' })
})

test('arrays remove and sync: by the beginning of an id or by name, where that is one', async (t) => {
  const { asked, options } = await serving(t, {
    ...both,
    'DELETE /v1/storages/7f2c-1': [202],
    'POST /v1/storages/7f2d/sync': [202],
    'POST /v1/storages/sync': [202],
  })
  assert.equal(await printed(t, () => remove('fake driver', options)), 'fake driver is being removed\n')
  assert.equal(await printed(t, () => sync('7f2d', options)), '7f2d is being asked\n')
  assert.equal(await printed(t, () => sync(undefined, options)), 'every array is being asked\n')
  assert.deepEqual(
    asked.map(({ request }) => request).filter((request) => !request.startsWith('GET')),
    ['DELETE /v1/storages/7f2c-1', 'POST /v1/storages/7f2d/sync', 'POST /v1/storages/sync'],
  )
  await assert.rejects(remove('7f2', options), { code: 'INVALID_OPTION', message: '2 arrays are 7f2' })
  await assert.rejects(remove('x', options), { code: 'INVALID_OPTION', message: 'no array is x' })
})

test('004-13 arrays metrics: what there is, and what is to be collected', async (t) => {
  const spec = { resource_metrics: { volume: { iops: { unit: 'IOPS', description: 'Read/write operations per second' } } } }
  const { asked, options } = await serving(t, {
    ...both,
    'GET /v1/storages/7f2c-1/capabilities': [200, { metadata: {}, spec }],
    'PUT /v1/storages/7f2c-1/metrics-config': [200, {}],
  })
  assert.equal(
    await printed(t, () => metrics('7f2c-1', options)),
    `resource  metric  unit
volume    iops    IOPS  Read/write operations per second
`,
  )
  await printed(t, () => metrics('7f2c-1', { ...options, interval: '10s', historic: true }))
  await printed(t, () => metrics('7f2c-1', { ...options, stop: true }))
  assert.deepEqual(
    asked.filter(({ request }) => request.startsWith('PUT')).map(({ body }) => body),
    [
      { array_polling: { perf_collection: true, interval: 10, is_historic: true } },
      { array_polling: { perf_collection: false, interval: 900, is_historic: false } },
    ],
  )
  for (const wrong of [{ interval: '10ms' }, { historic: true }, { stop: true, interval: '1m' }])
    await assert.rejects(metrics('7f2c-1', { ...options, ...wrong }), { code: 'INVALID_OPTION' })
})

test('004-15 arrays alerts: shown, and with --sync handed on', async (t) => {
  const alert = { sequence_number: 100, severity: 'Major', category: 'Fault', alert_name: 'Link down', occur_time: Date.UTC(2026, 0, 1) }
  const { asked, options } = await serving(t, {
    ...both,
    'GET /v1/storages/7f2c-1/alerts': [200, { alerts: [alert] }],
    'POST /v1/storages/7f2c-1/alerts/sync': [200],
  })
  assert.equal(
    await printed(t, () => alerts('7f2c-1', { ...options, sync: true, from: '1970-01-01', to: '1970-01-01T00:00:05Z' })),
    `time                      sequence  severity  category  alert      location
2026-01-01T00:00:00.000Z  100       Major     Fault     Link down  -         -
`,
  )
  assert.deepEqual(asked[1]!.body, { begin_time: 0, end_time: 5000 })
  assert.equal(asked[2]!.request, 'GET /v1/storages/7f2c-1/alerts?begin_time=0&end_time=5000')
  await assert.rejects(alerts('7f2c-1', { ...options, from: 'soon' }), { code: 'INVALID_OPTION' })
})

test('arrays alerts: one of no time is shown without', async (t) => {
  const { options } = await serving(t, {
    ...both,
    'GET /v1/storages/7f2c-1/alerts': [200, { alerts: [{ alert_name: 'Link down', occur_time: 9e15 }] }],
  })
  assert.match(await printed(t, () => alerts('7f2c-1', options)), /^- +- +- +- +Link down/m)
})

test('what is refused, asks for a token or does not answer is told', async (t) => {
  const { options } = await serving(t, { 'GET /v1/storages': [400, { error_code: 'InvalidInput', error_msg: 'Invalid input received.' }] })
  await assert.rejects(list(options), { code: 'SOURCE_UNAVAILABLE', message: `the arrays at ${options.api}/v1: Invalid input received` })
  const unlike = await serving(t, { 'GET /v1/storages': [404, {}] })
  await assert.rejects(list(unlike.options), {
    code: 'SOURCE_UNAVAILABLE',
    message: /status 404, and no answer of arrays/,
    hint: 'check --api',
  })
  const closed = await serving(t, { 'GET /v1/storages': [401] })
  process.env.WAYBILL_API_TOKEN = 'wrong'
  t.after(() => delete process.env.WAYBILL_API_TOKEN)
  await assert.rejects(list(closed.options), { code: 'SOURCE_UNAVAILABLE', message: /asks for a token/ })
  assert.equal(closed.asked[0]!.authorization, 'Bearer wrong')
  await assert.rejects(list({ api: 'http://127.0.0.1:1' }), { code: 'SOURCE_UNAVAILABLE', message: /bad port/ })
})
