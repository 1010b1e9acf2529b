import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stopping, context as systemContext } from '../../http/server.fixture.ts'
import { type Alert, createContext, ok } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { alert, alerts, startAlertmanager, startsAtMs } from './alertmanager.fixture.ts'
import { AlertmanagerExporter, type AlertmanagerExporterOptions } from './alertmanager.ts'

const time = new Date(0)
const hourMs = 3_600_000
const nowMs = startsAtMs + hourMs
const context = createContext({ clock: new ManualClock(nowMs) })

async function started(t: Parameters<typeof startAlertmanager>[0], options: AlertmanagerExporterOptions = {}) {
  const server = await startAlertmanager(t)
  const exporter = stopping(t, new AlertmanagerExporter({ url: server.url, ...options }))
  const send = (...given: readonly Alert[]) => exporter.export(time, alerts(...given), context)
  return { server, exporter, send }
}

test('004-23 an alert has alertname, severity and its identity as labels, when it began, and ends in a week unless it is heard of again', async (t) => {
  const { server, send } = await started(t, {
    labels: { region: 'eu', host: 'other' },
    generatorUrl: 'https://noc.example/{host}/{id}?of={name}',
  })
  const annotations = { summary: 'Disk 3 is full', 'recovery.advice': 'Delete something' }
  assert.deepEqual(await send(alert('a/1', { labels: { host: 'web-1', 'disk.no': '3', empty: '' }, annotations })), ok)
  assert.deepEqual(server.taken, [
    {
      labels: { alert_id: 'a/1', alertname: 'DiskFull', disk_no: '3', host: 'web-1', region: 'eu', severity: 'major' },
      annotations: { recovery_advice: 'Delete something', summary: 'Disk 3 is full' },
      startsAt: '2026-08-02T10:00:00.000Z',
      endsAt: '2026-08-09T11:00:00.000Z',
      generatorURL: 'https://noc.example/web-1/a%2F1?of=DiskFull',
    },
  ])
})

test('004-23 the recovery ends the alert under the labels with which it fired', async (t) => {
  const { server, send } = await started(t)
  assert.deepEqual(await send(alert('a')), ok)
  assert.deepEqual(await send(alert('a', { severity: 'info', status: 'resolved', endsAtMs: startsAtMs + 60_000 })), ok)
  const [fired, ended] = server.taken
  assert.deepEqual(ended, { ...fired, endsAt: '2026-08-02T10:01:00.000Z' })
})

test('when a resolved alert ends: as it says, now at the latest, never before it began; one that fires ends later than now', async (t) => {
  const { server, send } = await started(t, { resolveAfter: '1h' })
  const ends: [Partial<Alert>, endsAt: number][] = [
    [{ status: 'resolved' }, nowMs],
    [{ status: 'resolved', endsAtMs: nowMs + 1 }, nowMs],
    [{ status: 'resolved', endsAtMs: startsAtMs - 1 }, startsAtMs],
    [{ status: 'resolved', startsAtMs: nowMs + 5 }, nowMs + 5],
    [{}, nowMs + hourMs],
    [{ endsAtMs: nowMs + 1 }, nowMs + 1],
    [{ endsAtMs: nowMs - 1 }, nowMs + hourMs],
    [{ startsAtMs: nowMs + 5 }, nowMs + hourMs + 5],
  ]
  for (const [at, [more]] of ends.entries()) assert.deepEqual(await send(alert(String(at), more)), ok)
  assert.deepEqual(
    server.taken.map(({ endsAt }) => Date.parse(endsAt)),
    ends.map(([, endsAtMs]) => endsAtMs),
  )
})

test('a firing alert whose labels change is ended under the old ones, also within a batch, once Alertmanager has taken it', async (t) => {
  const { server, send } = await started(t, { idLabel: '' })
  server.answerInstead = (response) => Boolean(response.writeHead(500).end())
  assert.equal((await send(alert('a', { severity: 'warning' }))).status, 'retry')
  server.answerInstead = () => false
  await send(alert('a'), alert('b', { name: 'Other' }))
  await send(alert('a'), alert('a', { severity: 'critical' }), alert('a', { status: 'resolved' }))
  assert.deepEqual(
    server.taken.map(({ labels, endsAt }) => [labels.severity, labels.alertname, Date.parse(endsAt) > nowMs]),
    [
      ['major', 'DiskFull', true],
      ['major', 'Other', true],
      ['major', 'DiskFull', true],
      ['major', 'DiskFull', false],
      ['critical', 'DiskFull', true],
      ['critical', 'DiskFull', false],
    ],
  )
  await send(alert('a', { severity: 'minor' }))
  assert.equal(server.taken.length, 7)
})

test('an alert at a time that cannot be said is rejected, the others are sent', async (t) => {
  const { server, send } = await started(t)
  const result = await send(alert('a', { startsAtMs: Number.NaN }), alert('b'), alert('c', { startsAtMs: 1e15 }))
  assert.ok(result.status === 'partial')
  assert.deepEqual([result.rejected.map((rejection) => 'index' in rejection && rejection.index), result.retry], [[0, 2], []])
  assert.deepEqual(
    server.taken.map(({ labels }) => labels.alert_id),
    ['b'],
  )
  assert.equal((await send(alert('a', { startsAtMs: -1 }))).status, 'partial')
  assert.equal(server.requests.length, 1)
})

test('what Alertmanager refuses is found by sending less at once; an alert alone is rejected', async (t) => {
  const { server, exporter, send } = await started(t)
  server.refuse = ({ labels }) => labels.alert_id === 'b'
  assert.equal((await send(alert('a'), alert('b'))).status, 'too-large')
  assert.equal((await send(alert('b'))).status, 'reject')
  assert.deepEqual(await send(alert('a')), ok)
  assert.equal(exporter.health().state, 'healthy')
})

test('options that make no sense are refused', () => {
  const refused: [AlertmanagerExporterOptions, RegExp][] = [
    [{ url: 'http://localhost:9093/api/v1/alerts' }, /must end before/],
    [{ url: 'localhost:9093' }, /url/],
    [{ labels: { 'a-b': 'c' } }, /labels/],
    [{ idLabel: '1' }, /idLabel/],
    [{ generatorUrl: '{id}' }, /is no address/],
    [{ url: 'http://a:b@localhost', auth: { type: 'bearer', token: 't' } }, /user name already/],
    [{ auth: { type: 'bearer', token: 't' }, headers: { authorization: 'x' } }, /is set by auth/],
    [{ resolve: '1d' } as never, /resolve/],
  ]
  for (const [options, told] of refused) assert.throws(() => new AlertmanagerExporter(options), { code: 'INVALID_OPTION', message: told })
})

test('an address with a path in front of the API', async (t) => {
  const server = await startAlertmanager(t)
  server.answerInstead = (response) => Boolean(response.writeHead(200).end())
  const exporter = stopping(t, new AlertmanagerExporter({ url: `${server.url}/alerts/` }))
  assert.deepEqual(await exporter.export(time, alerts(alert('a')), systemContext), ok)
  assert.equal(server.requests[0]!.url, '/alerts/api/v2/alerts')
})
