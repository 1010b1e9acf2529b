import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GzipEncoder } from '../../codecs/gzip/gzip.ts'
import { JsonEncoder } from '../../codecs/json/json.ts'
import { EventStoragePathFormatter } from '../../paths/index.ts'
import { createContext, ok, type Storage, WaybillError } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { honestStorage } from '../../testing/storage-contract/honest.fixture.ts'
import { EventStorageExporter, type EventStorageExporterOptions } from './event-storage-exporter.ts'
import { contents, names } from './stored.fixture.ts'

const at = new Date('2025-05-19T22:27:00Z')
const context = createContext()
const paths = new EventStoragePathFormatter({ root: 'federated', cluster: 'cluster-01', event: 'message' })
const directory = paths.dir()
const delivered = (id: string, attempt = 1) => createContext({ delivery: { id, attempt, firstAcceptedMs: 0 } })

const exporterTo = (storage: Storage, options: Partial<EventStorageExporterOptions<unknown>> = {}) =>
  new EventStorageExporter<unknown>({ paths, encoder: new JsonEncoder(), storage, ...options })

test('000-13 000-19 an event is stored under its time', async () => {
  const storage = honestStorage()
  const exporter = exporterTo(storage)
  assert.deepEqual(await exporter.export(at, { message: 'Testing 1, 2, 3...' }, context), ok)
  assert.deepEqual(await contents(storage, directory), {
    'federated/cluster-01/message/20250519222700.json': '{"message":"Testing 1, 2, 3..."}',
  })
  assert.deepEqual([exporter.name, exporter.destination, exporter.replaces], ['storage', 'here/federated/cluster-01/message', false])
})

test('000-15 events of one second get paths of their own', async () => {
  const storage = honestStorage()
  const exporter = exporterTo(storage)
  for (const n of [1, 2]) await exporter.export(at, n, context)
  await Promise.all([3, 4, 5].map((n) => exporter.export(at, n, context)))
  const path = `${directory}/20250519222700`
  const stored = await contents(storage, directory)
  assert.deepEqual([stored[`${path}.json`], stored[`${path}-1.json`]], ['1', '2'])
  assert.deepEqual(Object.values(stored).sort(), ['1', '2', '3', '4', '5'])
  await Promise.all([exporterTo(storage).export(at, 6, context), exporterTo(storage).export(at, 7, context)])
  assert.equal(Object.keys(await contents(storage, directory)).length, 7, 'two exporters to one place overwrote each other')
})

test('000-15 the number stands before the whole extension, or at the end where there is none', async () => {
  const storage = honestStorage()
  const bare = { contentType: 'text/plain', extension: '', encode: () => new Uint8Array() }
  for (const encoder of [new GzipEncoder(new JsonEncoder()), bare])
    for (const n of [1, 2]) await exporterTo(storage, { encoder }).export(at, n, context)
  const path = `${directory}/20250519222700`
  assert.deepEqual(await names(storage, directory), [path, `${path}-1`, `${path}-1.json.gz`, `${path}.json.gz`])
})

test('000-15 with overwrite the last event of a second stays', async () => {
  const storage = honestStorage()
  const exporter = exporterTo(storage, { overwrite: true })
  for (const n of [1, 2]) await exporter.export(at, n, context)
  assert.deepEqual(await contents(storage, directory), { [`${directory}/20250519222700.json`]: '2' })
  assert.equal(exporter.replaces, true)
})

test('a delivery that is tried again is stored once, whatever the storage said the first time', async () => {
  const storage = honestStorage()
  let answers = false
  const create: Storage['create'] = async (path, bytes, options) => {
    const created = await storage.create(path, bytes, options)
    if (!answers) throw new Error('the connection broke before the answer')
    return created
  }
  const exporter = exporterTo({ ...storage, create })
  await storage.write(`${directory}/20250519222700.json`, Buffer.from('"other"'))
  answers = true
  assert.deepEqual(await exporter.export(at, 'taken', delivered('a')), ok)
  answers = false
  assert.equal((await exporter.export(at, 'mine', delivered('b'))).status, 'retry')
  answers = true
  assert.deepEqual(await exporter.export(at, 'mine', delivered('b')), ok)
  assert.deepEqual(await exporter.export(at, 'mine', delivered('b')), ok)
  assert.deepEqual(await exporterTo(storage).export(at, 'mine', delivered('b', 2)), ok, 'after a restart')
  assert.deepEqual(Object.values(await contents(storage, directory)).sort(), ['"mine"', '"other"', '"taken"'])
})

test('000-15 after a restart a delivery of the run before is recognised, and a new event of the same content is a second one', async () => {
  const storage = honestStorage()
  const clock = new ManualClock(1000)
  const delivery = (id: string, firstAcceptedMs: number) => createContext({ clock, delivery: { id, attempt: 1, firstAcceptedMs } })
  await exporterTo(storage).export(at, 'same', delivery('a', 900))
  await clock.advance(1000)
  const restarted = exporterTo(storage)
  assert.deepEqual(await restarted.export(at, 'same', delivery('a', 900)), ok)
  assert.equal((await names(storage, directory)).length, 1, 'the delivery was stored again')
  await clock.advance(1)
  await restarted.export(at, 'same', delivery('b', 2001))
  assert.equal((await names(storage, directory)).length, 2, 'the event was taken for another')
})

test('000-15 what one delivery stored is not taken for what another did', async () => {
  const storage = honestStorage()
  const exporter = exporterTo(storage)
  for (const id of ['a', 'b']) await exporter.export(at, 'same', delivered(id, 2))
  assert.equal((await names(storage, directory)).length, 2)
})

test('two deliveries with the same content are two, and so are two parts of one delivery', async () => {
  const storage = honestStorage()
  const exporter = exporterTo(storage)
  for (const [id, data] of [
    ['a', 'same'],
    ['b', 'same'],
    ['b', 'second part'],
  ] as const)
    await exporter.export(at, data, delivered(id))
  assert.deepEqual(Object.values(await contents(storage, directory)).sort(), ['"same"', '"same"', '"second part"'])
})

test('an event that is given up while its number is sought is not stored later', async () => {
  const storage = honestStorage()
  const impatient = new AbortController()
  const create: Storage['create'] = async (path, bytes, options) => {
    impatient.abort()
    await new Promise(setImmediate)
    return storage.create(path, bytes, options)
  }
  await storage.write(`${directory}/20250519222700.json`, Buffer.from('1'))
  const result = await exporterTo({ ...storage, create }).export(at, 2, createContext({ signal: impatient.signal }))
  assert.equal(result.status, 'retry')
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
  assert.equal((await names(storage, directory)).length, 1)
})

test('what cannot be encoded or has no path is rejected; what the storage cannot do now is for later', async () => {
  const storage = honestStorage()
  const exporter = exporterTo(storage)
  assert.equal((await exporter.export(at, undefined, context)).status, 'reject')
  assert.equal((await exporter.export(new Date('never'), 1, context)).status, 'reject')
  assert.deepEqual(exporter.health(), { state: 'healthy' })
  const full = exporterTo({ ...storage, create: async () => Promise.reject(new Error('the disk is full')) })
  const result = await full.export(at, 1, context)
  assert.ok(result.status === 'retry' && result.scope === 'destination' && result.error.message === 'the disk is full')
  assert.deepEqual(full.health(), { state: 'unhealthy', reason: 'the disk is full' })
  assert.deepEqual(await names(storage, directory), [])
})

test('a path that the storage says is none is rejected, since it never will be one', async () => {
  const refusing = { ...honestStorage(), create: async () => Promise.reject(new WaybillError('INVALID_OPTION', 'not a path here')) }
  const exporter = exporterTo(refusing)
  assert.equal((await exporter.export(at, 1, context)).status, 'reject')
  assert.deepEqual(exporter.health(), { state: 'healthy' })
})

test('a stop waits for what is being stored; afterwards nothing is taken until the next start', async () => {
  const storage = honestStorage()
  const slow = Promise.withResolvers<void>()
  const exporter = exporterTo({ ...storage, create: async (...given) => slow.promise.then(() => storage.create(...given)) })
  const exporting = exporter.export(at, 1, context)
  let stopped = false
  const stopping = exporter.stop(context).then(() => {
    stopped = true
  })
  await new Promise(setImmediate)
  assert.equal(stopped, false)
  slow.resolve()
  await stopping
  assert.deepEqual(await exporting, ok)
  assert.equal((await exporter.export(at, 2, context)).status, 'retry')
  assert.deepEqual(exporter.health(), { state: 'stopped' })
  await exporter.start()
  assert.deepEqual([await exporter.export(at, 3, context), exporter.health()], [ok, { state: 'healthy' }])
  assert.deepEqual(Object.values(await contents(storage, directory)).sort(), ['1', '3'])
})
