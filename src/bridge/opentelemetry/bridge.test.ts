import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Batch, type EventExporter, type ExportResult, ok, partial, reject, retry } from '../../core/index.ts'
import { WaybillLogRecordExporter } from './index.ts'
import type { SdkExportResult, SdkLogRecord } from './sdk-types.ts'

const record: SdkLogRecord = {
  hrTime: [1, 0],
  hrTimeObserved: [1, 0],
  body: 'hello',
  attributes: {},
  resource: { attributes: {} },
  instrumentationScope: { name: '' },
}

/** An exporter that answers so, and its bridge. */
function bridged(given: Partial<EventExporter<Batch>> & { answer?: () => ExportResult }) {
  const calls: string[] = []
  const exporter: EventExporter<Batch> = {
    name: 'one',
    start: async () => void calls.push('start'),
    flush: async () => void calls.push('flush'),
    stop: async () => void calls.push('stop'),
    async export() {
      calls.push('export')
      return given.answer?.() ?? ok
    },
    ...given,
  }
  const bridge = new WaybillLogRecordExporter(exporter)
  const send = (records: readonly SdkLogRecord[] = [record]) => new Promise<SdkExportResult>((done) => bridge.export(records, done))
  return { bridge, send, calls }
}

test('only what was taken whole is a success', async () => {
  const error = new Error('why not')
  const answers: [ExportResult, 0 | 1][] = [
    [ok, 0],
    [retry(error), 1],
    [reject(error), 1],
    [partial([{ count: 1, error }]), 1],
  ]
  for (const [answer, code] of answers)
    assert.deepEqual(await bridged({ answer: () => answer }).send(), code === 0 ? { code } : { code, error })
})

test('an exporter is started by the first export, again where that failed, and never without need', async () => {
  let fails = true
  const { send, calls } = bridged({
    start: async () => {
      calls.push('start')
      if (fails) throw new Error('port in use')
    },
  })
  assert.deepEqual(await send([]), { code: 0 })
  assert.deepEqual(calls, [])
  const failed = await send()
  assert.deepEqual([failed.code, failed.error?.message, calls], [1, 'port in use', ['start']])
  fails = false
  assert.deepEqual(await Promise.all([send(), send()]), [{ code: 0 }, { code: 0 }])
  assert.deepEqual(calls, ['start', 'start', 'export', 'export'])
})

test('what is thrown is a failure, also by what cannot be made a record', async () => {
  const thrown = await bridged({ export: () => Promise.reject(new Error('boom')) }).send()
  assert.deepEqual([thrown.code, thrown.error?.message], [1, 'boom'])
  assert.equal((await bridged({}).send([{ ...record, hrTime: [0.5, 0] }])).code, 1)
})

test('flush and shutdown reach the exporter, and nothing is exported after them', async () => {
  const { bridge, send, calls } = bridged({})
  await bridge.forceFlush()
  await bridge.shutdown()
  assert.deepEqual(calls, ['flush', 'stop'])
  assert.deepEqual((await send()).error?.message, 'one has been shut down')
})

test('values of any kind become attributes', async () => {
  const batches: Batch[] = []
  const { send } = bridged({
    async export(_time, batch) {
      batches.push(batch)
      return ok
    },
  })
  const attributes = {
    text: 'a',
    none: undefined,
    nil: null,
    list: [1, undefined, { deep: true }],
    bytes: new Uint8Array([1]),
    big: 5n,
    fn: Symbol('s'),
  }
  await send([{ ...record, attributes }])
  const [batch] = batches
  assert.ok(batch?.signal === 'logs')
  assert.deepEqual(batch.records[0]!.attributes, {
    text: 'a',
    nil: null,
    list: [1, null, { deep: true }],
    bytes: new Uint8Array([1]),
    big: 5n,
    fn: 'Symbol(s)',
  })
})
