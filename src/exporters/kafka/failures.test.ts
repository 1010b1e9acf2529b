/** Failures as the real client tells of them, at brokers that are none. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createContext, type ExportResult, type WaybillError } from '../../sdk.ts'
import { samplePoints } from '../../testing/sample-points.ts'
import { fakeKafka, protocolError } from './kafka.fixture.ts'
import { KafkaExporter, type KafkaExporterOptions } from './kafka.ts'

const load = <Module>(name: string): Promise<Module> => import(name)
const password = 'very-secret'
const send = (exporter: KafkaExporter) => exporter.export(new Date(0), samplePoints(3, 'x'), createContext())

/** Fails unless the records come back because of the brokers, which the health tells too, without a secret. */
function sentBack(result: ExportResult, exporter: KafkaExporter, message: RegExp, hint: RegExp): void {
  assert.ok(result.status === 'retry' && result.scope === 'destination', result.status)
  const error = result.error as WaybillError
  assert.equal(error.code, 'DESTINATION_UNAVAILABLE')
  assert.match(error.message, message)
  assert.match(error.hint ?? '', hint)
  assert.deepEqual(exporter.health(), { state: 'unhealthy', reason: error.explain() })
  assert.ok(!error.explain().includes(password))
}

/** An exporter to a server that treats its connections so. */
async function exporterTo(t: TestContext, treat: (socket: Socket) => void, options: Partial<KafkaExporterOptions> = {}) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    treat(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const sasl = { type: 'plain', username: 'me', password } as const
  const exporter = new KafkaExporter({ load, brokers: [`127.0.0.1:${port}`], timeout: 200, sasl, ...options })
  const close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  t.after(async () => {
    await exporter.stop()
    close()
  })
  return { exporter, close }
}

test('refused', async (t) => {
  const { exporter, close } = await exporterTo(t, () => {})
  close()
  sentBack(await send(exporter), exporter, /ECONNREFUSED|refused|failed/i, /broker is running/)
  await assert.rejects(exporter.start())
})

test('a host without an address', async () => {
  const exporter = new KafkaExporter({ load, brokers: ['nowhere.invalid:9092'], timeout: 2000 })
  sentBack(await send(exporter), exporter, /nowhere\.invalid/, /spelling of the host/)
  await exporter.stop()
})

test('hanging', async (t) => {
  const { exporter } = await exporterTo(t, () => {})
  sentBack(await send(exporter), exporter, /time/i, /raise timeout/)
})

test('cut, as a broker does that expects TLS or SASL', async (t) => {
  const { exporter } = await exporterTo(t, (socket) => socket.destroy())
  sentBack(await send(exporter), exporter, /./, /TLS or SASL/)
})

test('no TLS where it should be', async (t) => {
  const { exporter } = await exporterTo(t, (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), {
    tls: {},
  })
  sentBack(await send(exporter), exporter, /./, /TLS/)
})

const answers: Readonly<Record<string, RegExp>> = {
  TOPIC_AUTHORIZATION_FAILED: /let this user write/,
  SASL_AUTHENTICATION_FAILED: /check sasl/,
  UNKNOWN_TOPIC_OR_PARTITION: /create the topic/,
  NOT_ENOUGH_REPLICAS: /too few replicas/,
}
for (const [answer, hint] of Object.entries(answers))
  test(`a broker that answers ${answer}, and repeats the password`, async (t) => {
    const kafka = fakeKafka()
    const exporter = new KafkaExporter({ load: kafka.load, sasl: { type: 'plain', username: 'me', password } })
    t.after(() => exporter.stop())
    kafka.behaviour = () => {
      throw protocolError(answer, `${answer} with ${password}`)
    }
    sentBack(await send(exporter), exporter, /with \[redacted\]/, hint)
    kafka.behaviour = () => true
    assert.deepEqual(await send(exporter), { status: 'ok' })
    assert.deepEqual(exporter.health(), { state: 'healthy' })
  })
