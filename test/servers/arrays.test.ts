/** Arrays with Debian's snmptrap, Prometheus and Alertmanager. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startAlertmanager } from '../../scripts/servers/alertmanager.ts'
import { checkMetrics, startPrometheus } from '../../scripts/servers/prometheus.ts'
import { freePort } from '../../scripts/servers/server-process.ts'
import type { Trap } from '../../src/arrays/traps/trap.ts'
import { TrapReceiver } from '../../src/arrays/traps/trap-receiver.ts'
import type { TrapSource } from '../../src/arrays/traps/trap-source.ts'
import { silent } from '../../src/core/log.ts'
import { runningArrays } from '../arrays.fixture.ts'

const run = promisify(execFile)
const linkDown = '1.3.6.1.6.3.1.1.5.3'
const linkUp = '1.3.6.1.6.3.1.1.5.4'
const index7 = ['1.3.6.1.2.1.2.2.1.1.7', 'i', '7']

/** Sends a trap as the program does that every administrator has. */
const snmptrap = (...args: readonly string[]) => run('snmptrap', [...args])

async function temporaryFolder(t: Pick<TestContext, 'after'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-arrays-servers-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    assert.ok(tries < 300, 'it has not happened in 30 seconds')
    await pause(100)
  }
}

const host = '127.0.0.1'
const user = { username: 'waybill', auth_key: 'authentication', privacy_key: 'confidential' }
const ways: readonly [string, TrapSource, readonly string[]][] = [
  ['2c', { storage_id: 'a', host, version: 'SNMPv2c', community_string: 'public' }, ['-v', '2c', '-c', 'public']],
  ...(
    [
      ['HMACMD5', 'MD5', 'AES', 'AES'],
      ['HMACSHA', 'SHA', 'AES', 'AES'],
      ['HMCSHA2256', 'SHA-256', 'AES', 'AES'],
      ['HMCSHA2512', 'SHA-512', 'AES', 'AES'],
    ] as const
  ).map(([auth_protocol, auth, privacy_protocol, privacy]): [string, TrapSource, readonly string[]] => [
    `3 with ${auth} and ${privacy}`,
    { storage_id: 'a', host, version: 'SNMPv3', security_level: 'authPriv', auth_protocol, privacy_protocol, ...user },
    [
      '-v',
      '3',
      '-l',
      'authPriv',
      '-u',
      user.username,
      '-a',
      auth,
      '-A',
      user.auth_key,
      '-x',
      privacy,
      '-X',
      user.privacy_key,
      '-e',
      '0x8000000001020304',
    ],
  ]),
  [
    '3 without encryption',
    { storage_id: 'a', host, version: 'SNMPv3', security_level: 'authNoPriv', auth_protocol: 'HMACSHA', ...user },
    ['-v', '3', '-l', 'authNoPriv', '-u', user.username, '-a', 'SHA', '-A', user.auth_key, '-e', '0x8000000001020304'],
  ],
]

for (const [version, source, args] of ways) {
  test(`004-26 snmptrap of version ${version}`, async (t) => {
    const taken: Trap[] = []
    const receiver = new TrapReceiver({ listen: '127.0.0.1:0', take: (_id, trap) => taken.push(trap), log: silent })
    await receiver.start()
    t.after(() => receiver.stop())
    await receiver.use([source])
    await snmptrap(...args, `127.0.0.1:${receiver.address()!.port}`, '', linkDown, ...index7)
    await until(() => taken.length === 1)
    assert.deepEqual([taken[0]!.oid, taken[0]!.values[index7[0]!]], [linkDown, '7'])
  })
}

test('004-26 snmptrap of version 1', async (t) => {
  const taken: Trap[] = []
  const receiver = new TrapReceiver({ listen: '127.0.0.1:0', take: (_id, trap) => taken.push(trap), log: silent })
  await receiver.start()
  t.after(() => receiver.stop())
  await receiver.use([{ storage_id: 'a', host, version: 'SNMPv1', community_string: 'public' }])
  const to = ['-v', '1', '-c', 'public', `127.0.0.1:${receiver.address()!.port}`]
  await snmptrap(...to, '1.3.6.1.4.1.2011', '10.0.0.1', '2', '0', '0', ...index7)
  await snmptrap(...to, '1.3.6.1.4.1.2011', '10.0.0.1', '6', '42', '0')
  await until(() => taken.length === 2)
  assert.deepEqual(
    taken.map(({ oid }) => oid),
    [linkDown, '1.3.6.1.4.1.2011.0.42'],
  )
})

test('004-21 004-23 Prometheus scrapes an array, and Alertmanager shows an alert by trap firing, then resolved', async (t) => {
  const directory = await temporaryFolder(t)
  const told: { readonly status: string; readonly labels: Readonly<Record<string, string>> }[] = []
  const hook = createServer(async (request, response) => {
    const { alerts } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { alerts: typeof told }
    told.push(...alerts)
    response.end()
  })
  await once(hook.listen(0, '127.0.0.1'), 'listening')
  t.after(() => hook.close().closeAllConnections())
  const alertmanager = await startAlertmanager({ directory, webhook: `http://127.0.0.1:${(hook.address() as AddressInfo).port}` })
  t.after(() => alertmanager.stop())
  const target = `127.0.0.1:${await freePort()}`
  const prometheus = await startPrometheus({ directory, scrape: [{ job: 'arrays', target }] })
  t.after(() => prometheus.stop())

  const { arrays } = await runningArrays(t, {
    arrays: {
      traps: { listen: '127.0.0.1:0' },
      performance_exporters: ['PerformanceExporterPrometheus'],
      alert_exporters: ['AlertExporterPrometheus'],
      exporter_settings: {
        PerformanceExporterPrometheus: { config: { listen: target } },
        AlertExporterPrometheus: { config: { url: alertmanager.url } },
      },
    },
    trapSources: [{ storage_id: 'array-1', host, version: 'SNMPv2c', community_string: 'public' }],
  })
  await arrays.collect('array-1', { intervalMs: 1000, historic: false })
  const query = async () => {
    const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent('volume_iops{storage_name="fake driver"}')}`)
    return ((await answer.json()) as { data: { result: { metric: Record<string, string> }[] } }).data.result
  }
  await until(async () => (await query()).length === 1)
  const { storage_id, serial_number, resource_id, unit } = (await query())[0]!.metric
  assert.deepEqual([storage_id, serial_number, resource_id, unit], ['array-1', 'S-1', 'volume_1', 'IOPS'])
  assert.equal((await checkMetrics(await (await fetch(`http://${target}/metrics`)).text())).code, 0)

  const to = ['-v', '2c', '-c', 'public', `127.0.0.1:${arrays.trapAddress()!.port}`, '']
  await snmptrap(...to, linkDown, ...index7)
  await until(async () => (await alertmanager.alerts()).length === 1)
  const [alert] = await alertmanager.alerts()
  assert.deepEqual(
    [alert!.labels.alertname, alert!.labels.storage_id, alert!.labels.location, alert!.labels.severity],
    ['linkDown', 'array-1', 'interface 7', 'major'],
  )
  // It notifies of nothing that was over before it told anybody.
  await until(() => told.some(({ status, labels }) => status === 'firing' && labels.alertname === 'linkDown'))
  await snmptrap(...to, linkUp, ...index7)
  await until(async () => (await alertmanager.alerts()).length === 0)
  await until(() => told.some(({ status, labels }) => status === 'resolved' && labels.alertname === 'linkDown'))
})
