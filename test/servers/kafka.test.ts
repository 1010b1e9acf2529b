/** The exporter kafka, in an agent of its own and by itself, by what kcat, which is librdkafka, reads from a broker of Apache Kafka. */
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { type Kafka, noKafka, startKafka } from '../../scripts/servers/kafka.ts'
import { KafkaExporter, type KafkaExporterOptions } from '../../src/exporters/kafka/kafka.ts'
import { createContext, metrics, type Point, series } from '../../src/sdk.ts'
import { exporterContract, identifyPoints, identityLabel, samplePoints } from '../../src/testing/index.ts'
import { known, perRequest, sendingAgent } from './sending-agent.fixture.ts'

const run = promisify(execFile)
const startMs = Date.UTC(2026, 10, 21, 1, 2, 3)
const ok = { status: 'ok' }
const context = createContext()
let directory: string
let kafka: Kafka
let made = 0

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-kafka-'))
  if (noKafka) return
  kafka = await startKafka({ directory })
})

after(async () => {
  await kafka?.stop()
  await rm(directory, { recursive: true, force: true })
})

interface Found {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly headers?: readonly string[]
  readonly payload: string
}

/** Everything in a topic, partition by partition in order. */
async function read(topic: string, broker = kafka.broker, ...more: string[]): Promise<readonly Found[]> {
  const args = ['-C', '-q', '-e', '-J', '-b', broker, '-t', topic, '-o', 'beginning', ...more]
  const { stdout } = await run('kcat', args, { maxBuffer: 2 ** 28 })
  const found = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Found)
  return found.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
}

const fresh = (): string => `topic-${++made}`
const exporterOf = (t: TestContext, options: Partial<KafkaExporterOptions>): KafkaExporter => {
  const exporter = new KafkaExporter({ brokers: [kafka.broker], ...options })
  t.after(() => exporter.stop())
  return exporter
}

const odd = 'quote " \' backslash \\ newline \n é 日本 😀'
const points = Array.from({ length: known }, (_, index) => ({
  ...{ time: new Date(startMs + index).toISOString(), name: `metric.${index % 10}`, kind: 'gauge' },
  ...{ labels: { host: String(index % 7), odd }, value: index / 8 },
}))

/** Each once; and again only where a batch under way was cut, which is then there twice in one order. */
function same(found: readonly Found[], expected: readonly object[]): void {
  const bodies = found.map(({ payload }) => payload)
  assert.equal(
    [...new Set(bodies)].sort().join('\n'),
    expected
      .map((record) => JSON.stringify(record))
      .sort()
      .join('\n'),
  )
}

test('000-03 004-22: 10,000 known points, Kafka away for ten seconds: each is in the topic, as it was, those of a series in order', {
  skip: noKafka,
}, async (t) => {
  const topic = fresh()
  const agent = await sendingAgent(t, { directory, type: 'kafka', config: { brokers: [kafka.broker], topic, timeout: '2s' } })
  await agent.throughOutage({
    post: (from, until) => agent.post('/metrics', points.slice(from, until)),
    stop: () => kafka.stop(),
    async start() {
      kafka = await startKafka({ directory, port: kafka.port })
    },
  })
  const found = await read(topic)
  same(found, points)
  const twice = found.length - points.length
  t.diagnostic(`${twice} of 10,000 are there twice`)
  assert.ok(twice <= perRequest)
  for (const [key, ofSeries] of Map.groupBy(found, ({ key }) => key)) {
    assert.equal(new Set(ofSeries.map(({ partition }) => partition)).size, 1, key ?? 'no key')
    const times = [...new Set(ofSeries.map(({ payload }) => (JSON.parse(payload) as { time: string }).time))]
    assert.deepEqual(times, times.toSorted())
  }
})

test('without an interruption nothing is there twice, with any compression', { skip: noKafka }, async (t) => {
  for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
    const topic = fresh()
    const exporter = exporterOf(t, { topic, compression, maxMessageBytes: '200KiB' })
    const batch = samplePoints(3000, compression)
    assert.deepEqual(await exporter.export(new Date(0), batch, context), ok)
    const found = (await read(topic)).map(
      ({ payload }) => (JSON.parse(payload) as { labels: Record<string, string> }).labels[identityLabel],
    )
    assert.deepEqual(found.toSorted(), identifyPoints(batch).toSorted())
  }
})

for (const { name, run } of exporterContract(async () => {
  const topic = fresh()
  const exporter = new KafkaExporter({ brokers: [kafka.broker], topic, timeout: '2s' })
  return {
    exporter,
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () =>
      (await read(topic)).map(({ payload }) => (JSON.parse(payload) as { labels: Record<string, string> }).labels[identityLabel]!),
  }
}))
  test(`kafka, Apache Kafka: ${name}`, { skip: noKafka }, run)

const point = (name: string, labels: Record<string, string>, timeMs: number, value: Point['value']): Point => ({
  series: series(name, labels, { unit: '%' }),
  timeMs,
  value,
})

test('004-22: the array of arrays that readers of the storage monitor know', { skip: noKafka }, async (t) => {
  const topic = fresh()
  const exporter = exporterOf(t, { topic, format: 'metric_arrays', key: '' })
  const labels = { storage_id: 's1', resource_id: 'volume_3' }
  const batch = metrics([point('iops', labels, 1000, 5), point('throughput', labels, 1000, 0.5), point('iops', labels, 2000, 6)])
  assert.deepEqual(await exporter.export(new Date(0), batch, context), ok)
  const [found, ...more] = await read(topic)
  assert.deepEqual(more, [])
  assert.deepEqual(JSON.parse(found!.payload), [
    ['iops', { ...labels, unit: '%' }, { 1000: 5, 2000: 6 }],
    ['throughput', { ...labels, unit: '%' }, { 1000: 0.5 }],
  ])
})

test('topics and keys from the data, and headers; a key goes where the Java client puts it', { skip: noKafka }, async (t) => {
  const prefix = fresh()
  const exporter = exporterOf(t, { topic: `${prefix}-{label.team}`, key: '{label.host}', headers: { team: 'red é' }, format: 'jsonl' })
  const batch = metrics([
    point('a', { host: 'x', team: 'r/d' }, 0, 1),
    point('b', { host: 'x', team: 'r/d' }, 0, 2),
    point('a', { team: 'r/d' }, 0, 3),
  ])
  assert.deepEqual(await exporter.export(new Date(0), batch, context), ok)
  const found = await read(`${prefix}-r_d`)
  const shown = found.map(({ key, payload, headers }) => [key, payload.split('\n').length - 1, headers])
  const headers = ['content-type', 'application/x-ndjson', 'team', 'red é']
  assert.deepEqual(
    shown.toSorted(),
    [
      ['x', 2, headers],
      [null, 1, headers],
    ].toSorted(),
  )
  const keys = Array.from({ length: 50 }, (_, n) => `key ${n}`)
  const [ours, theirs] = [fresh(), fresh()]
  const keyed = exporterOf(t, { topic: ours, key: '{label.host}' })
  await keyed.export(new Date(0), metrics(keys.map((host) => point('a', { host }, 0, 1))), context)
  const producing = spawn('kcat', ['-P', '-b', kafka.broker, '-t', theirs, '-K', '|', '-X', 'partitioner=murmur2'])
  producing.stdin.end(keys.map((key) => `${key}|x\n`).join(''))
  await once(producing, 'exit')
  const places = async (topic: string) => Object.fromEntries((await read(topic)).map(({ key, partition }) => [key, partition]))
  assert.deepEqual(await places(ours), await places(theirs))
})

test('what is larger than the topic takes is sent in parts, and a record that is too large alone is refused alone', {
  skip: noKafka,
}, async (t) => {
  const topic = fresh()
  await exporterOf(t, { topic }).export(new Date(0), samplePoints(1, 'makes the topic'), context)
  const exporter = exporterOf(t, { topic, key: 'one', maxMessageBytes: '10MiB' })
  const whole = await exporter.export(new Date(0), samplePoints(20_000, 'much'), context)
  assert.equal(whole.status, 'too-large')
  const huge = point('huge', { text: 'x'.repeat(2_000_000) }, 0, 1)
  const alone = await exporterOf(t, { topic, key: 'one' }).export(
    new Date(0),
    metrics([...samplePoints(2, 'a').points, huge, ...samplePoints(2, 'b').points]),
    context,
  )
  assert.ok(alone.status === 'partial')
  assert.deepEqual(
    alone.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [2],
  )
  assert.match('error' in alone.rejected[0]! ? alone.rejected[0].error.message : '', /MESSAGE_TOO_LARGE/)
  assert.equal((await read(topic)).length, 5)
})

test('SASL and TLS: who is let in, who is not, and a certificate that is not trusted', { skip: noKafka }, async (t) => {
  const folder = await mkdtemp(join(directory, 'tls-'))
  const [key, cert, both] = ['key.pem', 'cert.pem', 'both.pem'].map((name) => join(folder, name)) as [string, string, string]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
  await writeFile(both, `${await readFile(key)}${await readFile(cert)}`)
  const user = { username: 'waybill', password: 'very-secret' }
  const guarded = await startKafka({ directory: folder, user, tls: both, settings: { 'ssl.truststore.location': cert } })
  t.after(() => guarded.stop())
  const topic = fresh()
  const to = (sasl: KafkaExporterOptions['sasl'], ca: string | undefined) =>
    exporterOf(t, { brokers: [guarded.broker], topic, timeout: '3s', ...(sasl && { sasl }), tls: ca === undefined ? {} : { ca } })
  const send = (exporter: KafkaExporter) => exporter.export(new Date(0), samplePoints(3, 'x'), context)
  assert.deepEqual(await send(to({ type: 'plain', ...user }, cert)), ok)
  const security = ['-X', 'security.protocol=SASL_SSL', '-X', 'sasl.mechanism=PLAIN', '-X', `ssl.ca.location=${cert}`]
  const found = await read(topic, guarded.broker, ...security, '-X', 'sasl.username=waybill', '-X', 'sasl.password=very-secret')
  assert.equal(found.length, 3)
  const wrong = to({ type: 'plain', username: 'waybill', password: 'wrong-secret' }, cert)
  const refused = await send(wrong)
  assert.ok(refused.status === 'retry' && refused.scope === 'destination')
  assert.match(`${refused.error.message} ${(refused.error as Error & { hint: string }).hint}`, /authentication.*check sasl/i)
  assert.ok(!JSON.stringify([refused.error.message, wrong.health()]).includes('wrong-secret'))
  const untrusted = await send(to({ type: 'plain', ...user }, undefined))
  assert.ok(untrusted.status === 'retry' && untrusted.scope === 'destination')
  assert.match(untrusted.error.message, /self-signed certificate/)
})
