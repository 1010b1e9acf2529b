import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WaybillError } from '../../../core/errors.ts'
import { parsed } from './options.fixture.ts'
import { monitorPlanOf, replayPlanOf } from './plan.ts'

const planOf = async (args: string) => monitorPlanOf(await parsed(args), true)
const refused = (words: RegExp) => (error: unknown) =>
  error instanceof WaybillError && /^INVALID_/.test(error.code) && words.test(error.explain())

test('002-36 the defaults', async () => {
  const { outputs, ...plan } = await planOf('')
  assert.deepEqual([...outputs.names], ['terminal'])
  const dashboard = { refreshMs: 1000, bufferSize: 500, view: 'one', theme: 'col', gpu: 'load_only', memory: 'all' }
  const shown = { disk: 'show', network: 'show', swap: 'show' }
  const rest = { exporters: [], naming: 'cubestat', refreshMs: 1000, bufferSize: 500, logLevel: 'info' }
  assert.deepEqual(plan, { ...rest, dashboard: { ...dashboard, ...shown } })
})

test('002-36 what is given, also in the spelling of cubestat', async () => {
  for (const args of ['--refresh-ms 100 --buffer-size 20', '--refresh_ms 100 --buffer_size=20', '-i 100 --buffer-size 20']) {
    const { refreshMs, bufferSize, dashboard } = await planOf(
      `${args} --view all --cpu by_core --gpu collapsed --memory percent --disk hide`,
    )
    assert.deepEqual([refreshMs, bufferSize, dashboard.refreshMs, dashboard.bufferSize], [100, 20, 100, 20])
    const { view, cpu, gpu, memory, disk } = dashboard
    assert.deepEqual([view, cpu, gpu, memory, disk], ['all', 'by_core', 'collapsed', 'percent', 'hide'])
  }
  const { http, forMs, dataDir } = await planOf('--http-port 8080 --for 1m --data-dir here')
  assert.deepEqual([http, forMs, dataDir], [{ host: '127.0.0.1', port: 8080 }, 60_000, 'here'])
})

test('002-36 conflicts are told as cubestat tells them', async () => {
  for (const [args, words] of [
    ['--csv --http-port 80', /^--csv and --http-port cannot be used together$/],
    ['--csv --prometheus-port 80', /^--csv and --prometheus-port cannot be used together$/],
    ['--output influxdb --influxdb-pass a --influxdb-pass-file b', /^--influxdb-pass and --influxdb-pass-file cannot be used together$/],
    ['--refresh-ms 9', /--refresh-ms takes a whole number from 10/],
    ['--refresh-ms fast', /--refresh-ms takes a whole number/],
    ['--buffer-size 0', /--buffer-size takes a whole number from 1/],
    ['--for soon', /"soon" is not a duration/],
    ['--http-port 80 --http-host 10.0.0.1', /others could reach 10\.0\.0\.1; give --http-host/],
    ['--prometheus-port 70000', /--prometheus-port takes a whole number from 0 to 65535/],
  ] as const)
    await assert.rejects(planOf(args), refused(words), args)
})

test('002-28 Prometheus: port 9090 at 127.0.0.1 with the prefix cubestat, or as given', async () => {
  const config = async (args: string) => (await planOf(args)).exporters.find(({ name }) => name === 'prometheus')?.config
  assert.deepEqual(await config('--output prometheus'), { listen: '127.0.0.1:9090', stale_after: '15000ms', prefix: 'cubestat' })
  const given = '--prometheus-port 9091 --prometheus-address ::1 --naming otel --refresh-ms 10000'
  assert.deepEqual(await config(given), { listen: '[::1]:9091', stale_after: '50000ms' })
})

test('002-27 InfluxDB: the version is that of the options; the environment is used where it is of use', async () => {
  const config = async (args: string, env: object = {}) => {
    const options = { ...(await parsed(`--output influxdb ${args}`)), ...env }
    const { url, measurement, tags, tls, ...rest } = monitorPlanOf(options, true).exporters[0]!.config
    return { ...rest, ...((tls as { ca?: string }).ca !== undefined && { tls }) }
  }
  const env = { influxdbPass: 'p', influxdbToken: 't' }
  assert.deepEqual(await config('', env), { version: 1, database: 'cubestat' })
  assert.deepEqual(await config('--influxdb-user u', env), { version: 1, database: 'cubestat', username: 'u', password: 'p' })
  assert.deepEqual(await config('--influxdb-org o', env), { version: 2, bucket: 'cubestat', org: 'o', token: 't' })
  assert.deepEqual(await config('--influxdb-bucket b --influxdb-org o --influxdb-token x'), {
    version: 2,
    bucket: 'b',
    org: 'o',
    token: 'x',
  })
  assert.deepEqual(await config('--influxdb-token x --influxdb-db d'), { version: 3, database: 'd', token: 'x' })
  assert.deepEqual(await config('--influxdb-version 3', env), { version: 3, database: 'cubestat', token: 't' })
  assert.deepEqual(await config('--influxdb-ca a --influxdb-cert b --influxdb-key c'), {
    version: 1,
    database: 'cubestat',
    tls: { ca: 'a', cert: 'b', key: 'c' },
  })
  await assert.rejects(config('--influxdb-tag =a'), refused(/--influxdb-tag "=a" is not a tag; write key=value/))
  await assert.rejects(
    config('--influxdb-user u --influxdb-pass-file /nowhere'),
    refused(/--influxdb-pass-file: \/nowhere cannot be read \(ENOENT\)/),
  )
  await assert.rejects(config('--influxdb-token-file /dev/null'), refused(/--influxdb-token-file: \/dev\/null is empty/))
})

test('a recording is shown on a terminal alone', async () => {
  const replayOf = async (args: string, isTerminal = true) => replayPlanOf(await parsed(args), 'a.csv', isTerminal)
  assert.equal((await replayOf('--replay a.csv --speed 2.5 --view off')).dashboard.view, 'off')
  assert.equal((await replayOf('--replay a.csv --speed 2.5')).speed, 2.5)
  await assert.rejects(replayOf('--replay a.csv', false), refused(/needs a terminal/))
  for (const speed of ['0', '-1', 'fast']) await assert.rejects(replayOf(`--replay a.csv --speed=${speed}`), refused(/above 0/))
  await assert.rejects(replayOf('--replay a.csv --output csv'), refused(/--replay and --output cannot be used together/))
  await assert.rejects(replayOf('--replay a.csv --prometheus-port 1'), refused(/--prometheus-port is for --output prometheus/))
})
