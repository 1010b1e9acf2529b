import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { configurationOf } from './configuration.ts'
import { parsed } from './options.fixture.ts'
import { monitorPlanOf } from './plan.ts'
import { takenBy } from './taken-by.ts'

const shown = [takenBy('terminal', () => {})]
const others = [takenBy('stdout', () => {})]
const load = async (args: string, own = { shown, others: [] as typeof others }) =>
  configurationOf(monitorPlanOf(await parsed(args), true), own)
const flows = async (args: string, own?: { shown: typeof shown; others: typeof others }) => {
  const { file, sources } = await load(args, own)
  return file.pipelines.map(({ from, to }) => {
    const { rest, config } = sources.find(({ name }) => name === from[0])!
    return `${(config as { naming: string }).naming} every ${rest.interval} ms → ${to.join(' ')}`
  })
}

test('one source feeds every output; what is shown has names of its own where the outputs have others', async () => {
  assert.deepEqual(await flows('--output terminal,csv,json'), ['cubestat every 1000 ms → csv json terminal'])
  const otel = '--naming otel --refresh-ms 100'
  assert.deepEqual(await flows(`${otel} --output csv`, { shown, others }), [
    'otel every 100 ms → csv stdout',
    'cubestat every 100 ms → terminal',
  ])
  assert.deepEqual(await flows(otel), ['cubestat every 100 ms → terminal'])
  assert.deepEqual(await flows(`${otel} --output csv`, { shown: [], others: [] }), ['otel every 100 ms → csv'])
})

test('002-35 002-37 each output has a buffer and retries of its own; InfluxDB is sent what waits at once', async () => {
  const { exporters, file } = await load('--output csv,influxdb')
  const buffers = exporters.map(({ name, rest }) => [name, rest.buffer.type, rest.buffer.batchSize, rest.buffer.flushInterval])
  assert.deepEqual(buffers, [
    ['csv', 'memory', undefined, 0],
    ['influxdb', 'memory', 5000, 1000],
    ['terminal', 'memory', undefined, 0],
  ])
  assert.equal(file.api.enabled, false)
})

test('what is printed is never given up while its reader takes its time, since it would be printed twice', async () => {
  const { exporters } = await load('--output csv', { shown: [], others })
  assert.deepEqual(
    exporters.map(({ name, rest }) => [name, rest.timeout]),
    [
      ['csv', 30_000],
      ['stdout', 7 * 24 * 3_600_000],
    ],
  )
})

test('a mistake is told of the option that it is in', async () => {
  for (const [args, words] of [
    ['--output influxdb --influxdb-url influx:8086', /^--influxdb-url: is not an address/],
    ['--output influxdb --influxdb-pass secret', /^--influxdb-user: is required with a password$/],
    ['--output influxdb --influxdb-org a', /^--influxdb-token: is required for InfluxDB 2$/],
    ['--output influxdb --influxdb-version 1 --influxdb-token a', /^--influxdb-token: is no option of InfluxDB 1$/],
    ['--output prometheus --prometheus-address 0.0.0.0', /^--prometheus-address: others can reach 0\.0\.0\.0:9090, so a token is needed/],
  ] as const)
    await assert.rejects(load(args), { code: 'INVALID_OPTION', message: words })
})

test('002-38 what looks like a variable is taken as it is, and passwords do not show', async () => {
  const args = '--output influxdb --influxdb-user u --influxdb-pass ${env:HOME}x --influxdb-db ${file:/etc/hostname}'
  const { config } = (await load(args)).exporters[0]!
  const { database, password } = config as { database: string; password: { reveal(): string } }
  assert.deepEqual([database, password.reveal()], ['${file:/etc/hostname}', '${env:HOME}x'])
  assert.doesNotMatch(inspect(config, { depth: 9 }), /\$\{env:HOME\}x/)
})
