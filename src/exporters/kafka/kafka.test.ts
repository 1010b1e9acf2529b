import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createContext, metrics, type Point, series } from '../../sdk.ts'
import { samplePoints } from '../../testing/sample-points.ts'
import { createTestHost } from '../../testing/test-host.ts'
import { fakeKafka, protocolError } from './kafka.fixture.ts'
import plugin, { KafkaExporter, type KafkaExporterOptions } from './kafka.ts'

const ok = { status: 'ok' }
const context = createContext()

function exporting(t: TestContext, options: Partial<KafkaExporterOptions> = {}) {
  const kafka = fakeKafka()
  const exporter = new KafkaExporter({ load: kafka.load, ...options })
  t.after(() => exporter.stop())
  return { kafka, exporter, send: (batch = samplePoints(3, 'x')) => exporter.export(new Date(0), batch, context) }
}

const load = (core: string, value: Point['value'] = 1): Point => ({ series: series('load', { core }), timeMs: 1000, value })

test('the producer is idempotent, and is told how to show who it is', async (t) => {
  const password = 'very-secret'
  const { kafka, exporter, send } = exporting(t, { sasl: { type: 'scram_sha_512', username: 'me', password }, compression: 'zstd' })
  await exporter.start()
  assert.deepEqual(await send(), ok)
  const [{ idempotent, compression, sasl, bootstrapBrokers } = {} as never, ...more] = kafka.options
  assert.deepEqual(more, [])
  assert.deepEqual(
    { idempotent, compression, sasl, bootstrapBrokers },
    {
      ...{ idempotent: true, compression: 'zstd', bootstrapBrokers: ['localhost:9092'] },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'me', password },
    },
  )
  await exporter.stop()
  assert.equal(kafka.open(), 0)
})

test('what has a key goes where that says, what has none takes turns', async (t) => {
  const { kafka, send } = exporting(t)
  await send()
  const { partitioner } = kafka.options[0]!
  assert.equal(partitioner({}, Buffer.from('a')), partitioner({}, Buffer.from('a')))
  assert.deepEqual(
    [1, 2, 3].map(() => partitioner({}, undefined)),
    [0, 1, 2],
  )
})

test('messages: topic, key and headers; those of a series have its key', async (t) => {
  const { kafka, send } = exporting(t, { topic: 'm.{signal}.{label.core}', headers: { team: 'red' } })
  assert.deepEqual(await send(metrics([load('a b'), load('')])), ok)
  const shown = kafka.stored.map(({ topic, key, headers }) => [topic, String(key), [...headers].map(String)])
  const headers = ['content-type,application/json', 'team,red']
  assert.deepEqual(shown, [
    ['m.metrics.a_b', series('load', { core: 'a b' }).key, headers],
    ['m.metrics._', series('load', { core: '' }).key, headers],
  ])
})

test('a log has no key of its own', async (t) => {
  const { kafka, exporter } = exporting(t)
  await exporter.export(new Date(0), { signal: 'logs', records: [{ timeNs: 0n, body: 'a' }] }, context)
  assert.equal(kafka.stored[0]!.key, undefined)
})

test('what does not fit at once goes in portions, one after another', async (t) => {
  const { kafka, send } = exporting(t, { maxMessageBytes: 1024, key: '' })
  assert.deepEqual(await send(samplePoints(20, 'much')), ok)
  assert.ok(kafka.sent.length > 3)
  assert.equal(
    kafka.sent.reduce((sum, count) => sum + count),
    20,
  )
})

test('when a portion fails, it and what comes after it is given back in order, and nothing else', async (t) => {
  const { kafka, send } = exporting(t, { maxMessageBytes: 1024, key: '' })
  kafka.behaviour = () => {
    if (kafka.sent.length > 2) throw protocolError('NOT_ENOUGH_REPLICAS')
    return true
  }
  const result = await send(samplePoints(20, 'much'))
  assert.ok(result.status === 'partial')
  const written = kafka.stored.length
  assert.ok(written > 0 && written < 20)
  assert.deepEqual(result, { status: 'partial', rejected: [], retry: Array.from({ length: 20 - written }, (_, index) => index + written) })
})

test('readers can tell what comes again by the header of the ids, and records that are the same are not told for one', async (t) => {
  const { kafka, exporter } = exporting(t, { idHeader: 'id', maxMessageBytes: 1024 })
  const given = createContext({ delivery: { id: 'd1', attempt: 1, firstAcceptedMs: 0 } })
  const bodies = ['same', 'other', 'same', 'large', 'same']
  let records = bodies.map((body) => ({ timeNs: 1n, body: body.repeat(150) }))
  const tried: number[] = []
  for (let failing = true; records.length > 0; ) {
    tried.push(records.length)
    kafka.behaviour = (messages) => {
      if (String(messages[0]?.value).includes('large')) throw protocolError('MESSAGE_TOO_LARGE')
      if (failing && kafka.sent.length === 3) throw protocolError('NOT_ENOUGH_REPLICAS')
      return true
    }
    const result = await exporter.export(new Date(0), { signal: 'logs', records }, given)
    records = result.status === 'partial' ? result.retry.map((index) => records[index]!) : []
    failing = false
  }
  assert.deepEqual(tried, [5, 4])
  const byId = new Map(kafka.stored.map(({ headers, value }) => [String([...headers].at(-1)), JSON.parse(String(value)).body.slice(0, 4)]))
  assert.deepEqual([...byId.values()].toSorted(), ['othe', 'same', 'same', 'same'])
  assert.ok([...byId.keys()].every((id) => id.startsWith('id,d1-')))
})

test('without a delivery there is no id', async (t) => {
  const { kafka, send } = exporting(t, { idHeader: 'id' })
  await send()
  assert.deepEqual([...kafka.stored[0]!.headers].map(String), ['content-type,application/json'])
})

test('what a broker takes only in smaller pieces, and what it never takes', async (t) => {
  const { kafka, send } = exporting(t)
  kafka.behaviour = (messages) => {
    if (messages.length > 1 || String(messages[0]?.value).includes('x-1')) throw protocolError('MESSAGE_TOO_LARGE')
    return true
  }
  assert.equal((await send()).status, 'too-large')
  const alone = await send(metrics([samplePoints(2, 'x').points[1]!]))
  assert.ok(alone.status === 'partial')
  assert.match(String('error' in alone.rejected[0]! && alone.rejected[0].error), /the broker refuses it, MESSAGE_TOO_LARGE/)
})

test('arrays: distributions are refused, what is no number is null', async (t) => {
  const { kafka, send } = exporting(t, { format: 'metric_arrays', key: '' })
  const histogram = { count: 1, bounds: [1], counts: [1, 0] }
  const result = await send(metrics([load('0', histogram), load('1', Number.NaN), load('2', -0.5)]))
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [0],
  )
  assert.deepEqual(JSON.parse(String(kafka.stored[0]!.value)), [
    ['load', { core: '1' }, { 1000: null }],
    ['load', { core: '2' }, { 1000: -0.5 }],
  ])
})

test('arrays and OTLP say of what they have no place for', async (t) => {
  for (const [format, reason] of [
    ['metric_arrays', /arrays have no place for rows/],
    ['otlp_json', /OTLP has no place for rows/],
  ] as const) {
    const { exporter } = exporting(t, { format })
    const table = { name: 'costs', columns: [{ name: 'pod', type: 'string' }] } as const
    const result = await exporter.export(new Date(0), { signal: 'rows', table, rows: [['a']] }, context)
    assert.match(String(result.status === 'reject' && result.error), reason)
  }
})

test('the plugin says which package it needs, and loads it through its host', async () => {
  const kafka = fakeKafka()
  const loaded: string[] = []
  const load = async <Module>(name: string) => {
    loaded.push(name)
    return kafka.load<Module>()
  }
  const exporter = plugin.create({ name: 'events', config: plugin.config!.parse({}) as never, host: createTestHost({ load }) })
  assert.deepEqual(await exporter.export(new Date(0), samplePoints(1, 'x'), context), ok)
  assert.deepEqual(loaded, Object.keys(plugin.requires!))
  assert.equal(exporter.name, 'events')
  await exporter.stop?.(context)
})

test('options that cannot be used are named', () => {
  const refused = (options: object, expected: RegExp) =>
    assert.throws(
      () => new KafkaExporter({ load: fakeKafka().load, ...options }),
      (error: Error & { code?: string }) => error.code === 'INVALID_OPTION' && expected.test(error.message),
    )
  refused({ brokers: ['kafka'] }, /is no host:port/)
  refused({ brokers: ['user:pw@kafka:9092'] }, /is no host:port/)
  refused({ topic: 'a b' }, /letters, digits/)
  refused({ topic: 'a-{host}' }, /\{host\} is not known/)
  refused({ key: '{' }, /a brace stands alone/)
  refused({ maxMessageBytes: 10 }, /less than 1 KiB/)
  refused({ sasl: { type: 'plain', username: 'me' } }, /password/)
})
