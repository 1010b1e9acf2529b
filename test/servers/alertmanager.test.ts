/** The exporter alertmanager, in an agent of its own, by what Alertmanager itself tells of the alerts and notifies about them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Alertmanager, startAlertmanager, type ToldAlert } from '../../scripts/servers/alertmanager.ts'
import { AlertmanagerExporter } from '../../src/exporters/alertmanager/alertmanager.ts'
import { type Alert, createContext, ok } from '../../src/sdk.ts'
import { awayMs, known, sendingAgent } from './sending-agent.fixture.ts'

interface Notified extends ToldAlert {
  readonly status: string
}

const startMs = Date.now() - 3_600_000
/** What Alertmanager last notified of each alert, by its id. */
const notified = new Map<string, Notified>()
let directory: string
let hook: Server
let alertmanager: Alertmanager

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-alertmanager-'))
  hook = createServer(async (request, response) => {
    const { alerts } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { alerts: readonly Notified[] }
    for (const alert of alerts) notified.set(alert.labels.alert_id!, alert)
    response.end()
  })
  await once(hook.listen(0, '127.0.0.1'), 'listening')
  alertmanager = await start()
})

after(async () => {
  await alertmanager?.stop()
  hook?.closeAllConnections()
  hook?.close()
  await rm(directory, { recursive: true, force: true })
})

const start = (port?: number): Promise<Alertmanager> =>
  startAlertmanager({ directory, webhook: `http://127.0.0.1:${(hook.address() as AddressInfo).port}`, ...(port && { port }) })

const odd = 'quote " backslash \\ newline \n é 日本 😀 {{ .Labels }}'
const at = (index: number, afterMs = 0): string => new Date(startMs + index + afterMs).toISOString()

const firing = (index: number) => ({
  id: `array-${index % 7}/disk-${index}`,
  name: `Disk${index % 10}`,
  severity: ['critical', 'major', 'minor', 'warning', 'info'][index % 5]!,
  status: 'firing',
  startsAt: at(index),
  labels: { disk: String(index), odd },
  annotations: { summary: `Disk ${index}`, odd },
})

/** As one comes to an end: it no longer has the severity with which it fired. */
const resolved = (index: number) => ({ ...firing(index), severity: 'info', status: 'resolved', endsAt: at(index, 60_000) })

const expected = (index: number) => {
  const { id, name, severity, labels, annotations } = firing(index)
  return {
    labels: { ...labels, alertname: name, severity, alert_id: id, cluster: 'eu-1' },
    annotations,
    startsAt: at(index),
    generatorURL: `https://noc.example.com/${encodeURIComponent(id)}?disk=${index}`,
  }
}

/** Each by its id, without what Alertmanager adds of its own. */
function same(found: readonly ToldAlert[], indexes: readonly number[]): void {
  const lines = (alerts: readonly Omit<ToldAlert, 'endsAt'>[]) =>
    alerts
      .map(({ labels, annotations, startsAt, generatorURL }) =>
        JSON.stringify([Object.entries(labels).sort(), Object.entries(annotations).sort(), Date.parse(startsAt), generatorURL]),
      )
      .sort()
      .join('\n')
  assert.equal(lines(found), lines(indexes.map(expected)))
}

test('004-23: 10,000 known alerts, Alertmanager away for ten seconds: each fires as it was, and each is resolved', async (t) => {
  const config = { url: alertmanager.url, labels: { cluster: 'eu-1' }, generator_url: 'https://noc.example.com/{alert_id}?disk={disk}' }
  const { post, delivered, account } = await sendingAgent(t, { directory, type: 'alertmanager', config, signals: ['alerts'] })
  const all = Array.from({ length: known }, (_, index) => index)
  const [first, second] = [all.slice(0, known / 2), all.slice(known / 2)]
  await post('/alerts', first.map(firing))
  await delivered(first.length)
  same(await alertmanager.alerts(), first)
  await until(async () => notified.size === first.length)

  const { port } = alertmanager
  await alertmanager.stop()
  await post('/alerts', second.map(firing))
  await pause(awayMs)
  assert.equal((await account()).pending, second.length)
  alertmanager = await start(port)
  await delivered(known)
  // What it was told before it was stopped it has forgotten; those who tell it again are the rules that found it.
  same(await alertmanager.alerts(), second)
  await until(async () => notified.size === known)
  same([...notified.values()], all)
  assert.deepEqual(new Set([...notified.values()].map(({ status }) => status)), new Set(['firing']))

  await post('/alerts', all.map(resolved))
  await delivered(2 * known)
  await until(async () => [...notified.values()].every(({ status }) => status === 'resolved'))
  same([...notified.values()], all)
  for (const index of all) assert.equal(Date.parse(notified.get(firing(index).id)!.endsAt), Date.parse(at(index, 60_000)))
  assert.deepEqual(await alertmanager.alerts(), [])
})

test('an alert that changes its severity fires once, and its recovery ends it', async () => {
  const context = createContext()
  const exporter = new AlertmanagerExporter({ url: alertmanager.url })
  const alert: Alert = { id: 'fan', name: 'FanBroken', severity: 'minor', status: 'firing', startsAtMs: Date.now() - 60_000, labels: {} }
  const tell = (more: Partial<Alert>) => exporter.export(new Date(), { signal: 'alerts', alerts: [{ ...alert, ...more }] }, context)
  const severities = async () => (await alertmanager.alerts()).map(({ labels }) => labels.severity)
  assert.deepEqual([await tell({}), await tell({ severity: 'critical' })], [ok, ok])
  await until(async () => (await severities()).join() === 'critical')
  assert.deepEqual(await tell({ severity: 'info', status: 'resolved' }), ok)
  await until(async () => (await severities()).length === 0)
  await exporter.stop(context)
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await condition()); await pause(50))
    assert.ok(Date.now() < deadline, 'it has not come to pass within 60 s')
}
