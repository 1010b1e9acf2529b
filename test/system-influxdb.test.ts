/** `waybill system` with InfluxDB: what it sends, and what it does when the server does not answer. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { startInfluxDB } from '../src/exporters/influxdb/influxdb.fixture.ts'
import { pemFile, serverTls, startServer } from '../src/http/server.fixture.ts'
import { folderFor, runSystem, startSystem } from './system.fixture.ts'

const often = ['--refresh-ms', '100', '--output', 'influxdb']
const basic = `Basic ${Buffer.from('me:se cret').toString('base64')}`

suite('waybill system --output influxdb', { concurrency: 4 }, () => {
  test('002-27 002-38 I10 user and password reach the server: from the command line, the environment or a file', async (t) => {
    const cwd = folderFor(t)
    writeFileSync(join(cwd, 'secret'), 'se cret\n')
    const ways: readonly { args: readonly string[]; env?: Record<string, string> }[] = [
      { args: ['--influxdb-pass', 'se cret'] },
      { args: [], env: { INFLUXDB_PASSWORD: 'se cret' } },
      { args: ['--influxdb-pass-file', 'secret'], env: { INFLUXDB_PASSWORD: 'other' } },
    ]
    for (const { args, env } of ways) {
      const server = await startInfluxDB(t)
      const all = [...often, '--for', '300ms', '--log-level', 'debug', '--influxdb-url', server.url, '--influxdb-user', 'me', ...args]
      const { code, stdout, stderr } = await runSystem(all, { cwd, ...(env && { env }) })
      assert.equal(code, 0, stderr)
      const [{ url, headers } = {}] = server.requests
      assert.equal(headers?.authorization, basic)
      assert.equal(url, '/write?db=cubestat&precision=ns')
      assert.doesNotMatch(stdout + stderr, /se cret|se%20cret/)
    }
  })

  test('002-27 a line for each sample, of the measurement system_metrics, with tags', async (t) => {
    const server = await startInfluxDB(t)
    const args = [...often, '--for', '800ms', '--influxdb-url', server.url, '--influxdb-tag', 'room=a, b', '--influxdb-db', 'my db']
    assert.equal((await runSystem(args, { cwd: folderFor(t) })).code, 0)
    assert.match(server.requests[0]!.url, /db=my(\+|%20)db/)
    const lines = server.writes.flat()
    assert.ok(lines.length >= 2)
    for (const line of lines) assert.match(line, /^system_metrics,.*room=a\\,\\ b.* .*cpu\.total\.count=\d+.* \d{19}$/)
  })

  test('002-27 002-38 version 2, over TLS: organization, bucket and a token from the environment', async (t) => {
    const server = await startInfluxDB(t, { version: 2, tls: serverTls })
    const args = ['--influxdb-url', server.url, '--influxdb-org', 'home', '--influxdb-ca', pemFile('server.cert')]
    const env = { INFLUXDB_TOKEN: 'token-1' }
    const { code, stderr } = await runSystem([...often, '--for', '300ms', ...args], { cwd: folderFor(t), env })
    assert.equal(code, 0, stderr)
    const [{ url, headers } = {}] = server.requests
    assert.equal(url, '/api/v2/write?org=home&bucket=cubestat&precision=ns')
    assert.equal(headers?.authorization, 'Token token-1')
  })

  test('002-33 002-35 002-37 a server that hangs delays no sample and no other output, and the end by seconds only', async (t) => {
    const cwd = folderFor(t)
    const server = await startServer(t, () => {})
    const args = [...often, '--influxdb-url', server.url, '--output', 'csv', '--prometheus-port', '0']
    const system = startSystem(t, args, { cwd })
    await system.until(() => (server.requests.length > 0 ? true : undefined))
    const times = () =>
      readFileSync(join(cwd, 'cubestat.csv'), 'utf8')
        .trim()
        .split('\r\n')
        .slice(1)
        .map((row) => Date.parse(row.split(',')[0]!))
    const before = times().length
    const during = await system.until(() => (times().length >= before + 10 ? times().slice(before) : undefined))
    assert.ok(during.every((time) => time % 100 === 0))
    assert.match(await (await fetch(await system.address('prometheus'))).text(), /^cubestat_cpu_total_count/m)
    system.signal('SIGINT')
    assert.equal(await system.exited, 3)
    const [, csv, , undelivered, folder] =
      /^csv: ([\d,]+) values([\s\S]*)^influxdb: ([\d,]+) values were not delivered\nwhat was not delivered is in (.+)$/m.exec(
        system.stderr(),
      )!
    assert.equal(undelivered, csv)
    const letters = readdirSync(folder!).map((name) => readFileSync(join(folder!, name), 'utf8'))
    assert.equal(letters.join('').trim().split('\n').length, Number(undelivered!.replace(',', '')))
  })

  test('002-38 a password on the command line does not stay in the list of processes', { skip: !existsSync('/proc/self') }, async (t) => {
    const server = await startInfluxDB(t)
    const secret = ['--influxdb-user', 'me', '--influxdb-pass', 'se cret']
    const system = startSystem(t, [...often, '--influxdb-url', server.url, ...secret], { cwd: folderFor(t) })
    await system.address('influxdb')
    assert.equal(readFileSync(`/proc/${system.pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(), 'waybill system')
  })

  test('002-31 a second signal leaves at once, with the books in one line', async (t) => {
    const server = await startServer(t, () => {})
    const system = startSystem(t, [...often, '--influxdb-url', server.url], { cwd: folderFor(t) })
    await system.until(() => (server.requests.length > 0 ? true : undefined))
    system.signal('SIGINT')
    const again = setInterval(() => system.signal('SIGINT'), 50)
    t.after(() => clearInterval(again))
    assert.equal(await system.exited, 130)
    assert.match(system.stderr(), /^left at once: [\d,]+ records for influxdb are not delivered$/m)
  })
})
