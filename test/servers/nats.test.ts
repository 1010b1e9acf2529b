/** The exporter nats, in an agent of its own and by itself, by what NATS's own client reads from the stream. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, usernamePasswordAuthenticator } from '@nats-io/transport-node'
import { type NatsServer, startNats } from '../../scripts/servers/nats.ts'
import { NatsExporter, type NatsExporterOptions } from '../../src/exporters/nats/nats.ts'
import { createContext, metrics, type Point, series } from '../../src/sdk.ts'
import { exporterContract, identifyPoints, identityLabel, samplePoints } from '../../src/testing/index.ts'
import { known, sendingAgent } from './sending-agent.fixture.ts'

const password = 'p&ss/w"ör d%'
const settings = `authorization { users: [
  { user: admin, password: ${JSON.stringify(password)} }
  { user: narrow, password: narrow, permissions: { publish: { deny: "denied.>" } } }
] }`
const auth = { type: 'user', user: 'admin', password } as const
const startMs = Date.UTC(2026, 10, 21, 1, 2, 3)
const ok = { status: 'ok' }
let directory: string
let nats: NatsServer
let made = 0

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-nats-'))
  nats = await startNats({ directory, settings })
})

after(async () => {
  await nats?.stop()
  await rm(directory, { recursive: true, force: true })
})

/** What the official client finds in a stream. */
async function read(stream: string) {
  const connection = await connect({ servers: nats.url, authenticator: usernamePasswordAuthenticator('admin', password) })
  try {
    const { state } = await (await jetstreamManager(connection)).streams.info(stream)
    if (state.messages === 0) return []
    const consumer = await jetstream(connection).consumers.get(stream)
    const found: { subject: string; body: string; headers: Record<string, string> }[] = []
    for await (const message of await consumer.consume({ max_messages: 1000 })) {
      const headers = Object.fromEntries((message.headers?.keys() ?? []).map((key) => [key, message.headers!.get(key)]))
      found.push({ subject: message.subject, body: message.string(), headers })
      if (message.info.pending === 0) break
    }
    return found
  } finally {
    await connection.close()
  }
}

/** Options for a stream of its own. */
function fresh(options: Partial<NatsExporterOptions> = {}) {
  const stream = `s${++made}`
  const createStream = { name: stream, subjects: [`${stream}.>`] }
  return { stream, options: { servers: [nats.url], auth, subject: `${stream}.{signal}`, createStream, ...options } }
}

const odd = 'quote " \' backslash \\ newline \n é 日本 😀'
const points = Array.from({ length: known }, (_, index) => ({
  ...{ time: new Date(startMs + index).toISOString(), name: `metric.${index % 10}`, kind: 'gauge' },
  ...{ labels: { index: String(index), odd }, value: index / 8 },
}))
const logs = Array.from({ length: known }, (_, index) => ({
  time: new Date(startMs + index).toISOString(),
  body: `line ${index % 7} ${odd}`,
}))

test('000-03: 10,000 known points and logs each, NATS away for ten seconds: each is in the stream, as it was, once', async (t) => {
  const { stream, options } = fresh()
  const { servers, createStream, subject } = options
  const config = { servers, subject, auth, create_stream: createStream, timeout: '2s' }
  const agent = await sendingAgent(t, { directory, type: 'nats', config })
  await agent.throughOutage({
    async post(from, until) {
      await agent.post('/metrics', points.slice(from, until))
      await agent.post('/logs', logs.slice(from, until))
    },
    each: 2,
    stop: () => nats.stop(),
    async start() {
      nats = await startNats({ directory, settings, port: nats.port })
    },
  })
  const found = await read(stream)
  const sorted = (texts: readonly string[]) => texts.toSorted().join('\n')
  const bodies = (signal: string) => sorted(found.filter(({ subject }) => subject === `${stream}.${signal}`).map(({ body }) => body))
  assert.equal(bodies('metrics'), sorted(points.map((point) => JSON.stringify(point))))
  assert.equal(bodies('logs'), sorted(logs.map((log) => JSON.stringify({ ...log, time: log.time.replace('Z', '000000Z') }))))
  assert.ok(!agent.output().includes(password))
})

for (const { name, run } of exporterContract(async () => {
  const { stream, options } = fresh({ timeout: '1s' })
  let server: NatsServer | undefined
  const folder = await mkdtemp(join(directory, 'contract-'))
  server = await startNats({ directory: folder })
  const read = async () => {
    const connection = await connect({ servers: server!.url })
    const manager = await jetstreamManager(connection)
    const { state } = await manager.streams.info(stream).catch(() => ({ state: { first_seq: 1, last_seq: 0 } }))
    const found: string[] = []
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
      const message = await manager.streams.getMessage(stream, { seq })
      found.push((message!.json() as { labels: Record<string, string> }).labels[identityLabel]!)
    }
    await connection.close()
    return found
  }
  return {
    exporter: new NatsExporter({ ...options, servers: [server.url], auth: { type: 'none' } }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: read,
    breakDestination: () => server!.stop(),
    close: () => server!.stop(),
  }
}))
  test(`nats, JetStream: ${name}`, run)

const contextOf = (id: string) => createContext({ delivery: { id, attempt: 1, firstAcceptedMs: 0 } })
const exporterOf = (t: { after(end: () => Promise<void>): void }, options: Partial<NatsExporterOptions>) => {
  const exporter = new NatsExporter(options)
  t.after(() => exporter.stop())
  return exporter
}

test('a delivery that comes twice is in the stream once, and two records that are the same are both there', async (t) => {
  const { stream, options } = fresh()
  const exporter = exporterOf(t, options)
  const log = { timeNs: 1n, body: 'again' }
  for (const id of ['one', 'one', 'two'])
    assert.deepEqual(await exporter.export(new Date(0), { signal: 'logs', records: [log, log] }, contextOf(id)), ok)
  const found = await read(stream)
  assert.equal(found.length, 4)
  assert.deepEqual(
    found.map(({ headers }) => headers['Nats-Msg-Id']?.slice(0, 4)),
    ['one-', 'one-', 'two-', 'two-'],
  )
})

test('subjects from the data, headers, and formats of several records', async (t) => {
  const { stream, options } = fresh({ format: 'jsonl', headers: { 'X-Team': 'red' } })
  const exporter = exporterOf(t, { ...options, subject: `${stream}.{label.host}.{name}` })
  const point = (name: string, host: string): Point => ({ series: series(name, { host }), timeMs: 0, value: 1 })
  const batch = metrics([point('cpu.load', 'a.b c'), point('cpu.load', '*'), point('cpu..load', 'x>'), point('cpu.load', 'a.b c')])
  assert.deepEqual(await exporter.export(new Date(0), batch, createContext()), ok)
  const found = await read(stream)
  const lines = found.map(({ subject, body }) => [subject, body.split('\n').length - 1])
  assert.deepEqual(lines, [
    [`${stream}.a_b_c.cpu.load`, 2],
    [`${stream}._.cpu.load`, 1],
    [`${stream}.x_.cpu._.load`, 1],
  ])
  assert.deepEqual(found[0]!.headers, { 'Content-Type': 'application/x-ndjson', 'X-Team': 'red' })
})

test('a subject that no stream takes, and one that may not be published to, wait for somebody', async (t) => {
  const nowhere = exporterOf(t, { servers: [nats.url], auth, subject: 'nowhere', timeout: '1s' })
  const result = await nowhere.export(new Date(0), samplePoints(3, 'x'), createContext())
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  assert.match(result.error.message, /cannot publish to nats:\/\/127\.0\.0\.1:\d+: /)
  assert.match((result.error as Error & { hint: string }).hint, /create_stream/)
  const { options } = fresh()
  const denied = exporterOf(t, {
    ...options,
    createStream: undefined as never,
    auth: { type: 'user', user: 'narrow', password: 'narrow' },
    subject: 'denied.x',
    timeout: '1s',
  })
  const refused = await denied.export(new Date(0), samplePoints(3, 'x'), createContext())
  assert.ok(refused.status === 'retry' && refused.scope === 'destination')
  assert.match(refused.error.message, /Permissions Violation/i)
})

test('a wrong password is told, and is not printed', async () => {
  const { options } = fresh()
  const exporter = new NatsExporter({ ...options, auth: { ...auth, password: 'wrong-secret' } })
  const result = await exporter.export(new Date(0), samplePoints(3, 'x'), createContext())
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  assert.match(result.error.message, /Authorization Violation/i)
  assert.ok(!JSON.stringify([exporter.health(), exporter.destination, String(result.error)]).includes('wrong-secret'))
  await exporter.stop()
})

test('a stream that is full is tried again; a message that is too large for it is refused alone', async (t) => {
  const { stream, options } = fresh()
  const exporter = exporterOf(t, options)
  await exporter.start()
  const connection = await connect({ servers: nats.url, authenticator: usernamePasswordAuthenticator('admin', password) })
  const manager = await jetstreamManager(connection)
  await manager.streams.update(stream, { max_msg_size: 1000 })
  const sizes = metrics([10, 2000, 20].map((size) => ({ series: series('load', { size: 'x'.repeat(size) }), timeMs: 0, value: 1 })))
  const result = await exporter.export(new Date(0), sizes, createContext())
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [1],
  )
  const huge = metrics([{ series: series('load', { size: 'x'.repeat(2_000_000) }), timeMs: 0, value: 1 }])
  assert.equal((await exporter.export(new Date(0), huge, createContext())).status, 'partial')
  await manager.streams.update(stream, { max_msgs: 2, discard: 'new' as never })
  await connection.close()
  const full = await exporter.export(new Date(0), samplePoints(3, 'full'), createContext())
  assert.ok(full.status === 'retry' && full.scope === 'destination')
  assert.match(full.error.message, /maximum messages exceeded/)
  assert.equal((await read(stream)).length, 2)
})

test('TLS: a certificate that is trusted, and one that is not', async (t) => {
  const folder = await mkdtemp(join(directory, 'tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert, ...subject],
    {
      stdio: 'ignore',
    },
  )
  const server = await startNats({ directory: folder, settings: `tls { cert_file: "${cert}", key_file: "${key}" }` })
  t.after(() => server.stop())
  const createStream = { name: 'tls', subjects: ['tls.>'] }
  const to = (tls: NatsExporterOptions['tls']) =>
    exporterOf(t, { servers: [server.url], subject: 'tls.{signal}', createStream, ...(tls && { tls }) })
  assert.deepEqual(await to({ ca: await readFile(cert, 'utf8') }).export(new Date(0), samplePoints(3, 'x'), createContext()), ok)
  const result = await to(undefined).export(new Date(0), samplePoints(3, 'x'), createContext())
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  assert.match(result.error.message, /self-signed certificate/)
})
