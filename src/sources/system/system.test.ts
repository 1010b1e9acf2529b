import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext, WaybillError } from '../../sdk.ts'
import { areasButGpu, Machine } from './fixtures/machine.ts'
import system, { SystemSource, type SystemSourceOptions } from './system.ts'

const disk = (line: string) => `   8       0 ${line} 0 0 0\n`
const cpus = (...lines: string[]) => `cpu  1 1 1 1\n${lines.join('\n')}\nbtime 1700000000\n`

test('a late sample has the rates of the time that has passed', async (t) => {
  const machine = new Machine(t, { collect: ['disk'] }).write('proc/diskstats', disk('sda 1 0 1000 1 1 0 1000 1'))
  await machine.sample()
  machine.write('proc/diskstats', disk('sda 1 0 1200 1 1 0 1000 1'))
  const late = await machine.sampleAfter(4000)
  assert.equal(late['system.disk.total.io.rate{disk.io.direction=read}'], 25_600)
})

test('a CPU that goes offline is gone, and measured from its second sample when it is back', async (t) => {
  const machine = new Machine(t, { collect: ['cpu'], naming: 'cubestat' })
  const seen = async (...lines: string[]) => {
    const sample = await machine.write('proc/stat', cpus(...lines)).sampleAfter(1000)
    return ['cpu.total.count', 'cpu.cpu.0.core.1.utilization.percent', 'cpu.cpu.0.total.utilization.percent'].map((name) => sample[name])
  }
  assert.deepEqual(await seen('cpu0 100 0 0 100', 'cpu1 900 0 0 900'), [2, undefined, undefined])
  assert.deepEqual(await seen('cpu0 150 0 0 150', 'cpu1 975 0 0 925'), [2, 75, 62.5])
  assert.deepEqual(await seen('cpu0 200 0 0 200'), [1, undefined, 50])
  assert.deepEqual(await seen('cpu0 250 0 0 250', 'cpu1 5 0 0 5'), [2, undefined, 50])
  assert.deepEqual(await seen('cpu0 300 0 0 300', 'cpu1 5 0 0 105'), [2, 0, 25])
})

test('a disk that appears has counters at once and rates from its second sample', async (t) => {
  const machine = new Machine(t, { collect: ['disk'] }).write('proc/diskstats', disk('sda 1 0 1000 1 1 0 1000 1'))
  const read = (sample: Record<string, number>, metric: string) => sample[`system.disk.${metric}{disk.io.direction=read,system.device=sdb}`]
  await machine.sample()
  machine.write('proc/diskstats', disk('sda 1 0 1002 1 1 0 1000 1') + disk('sdb 1 0 1000 1 1 0 1000 1'))
  const appeared = await machine.sampleAfter(1000)
  assert.deepEqual([read(appeared, 'io'), read(appeared, 'io.rate')], [512_000, undefined])
  assert.equal(appeared['system.disk.total.io.rate{disk.io.direction=read}'], 1024)
  machine.write('proc/diskstats', disk('sda 1 0 1002 1 1 0 1000 1') + disk('sdb 1 0 1004 1 1 0 1000 1'))
  assert.equal(read(await machine.sampleAfter(1000), 'io.rate'), 2048)
})

test('a counter that begins anew has no rate then, and says when it began', async (t) => {
  const dev = (received: number) => `eth0: ${received} 0 0 0 0 0 0 0 7 0 0 0 0 0 0 0\n`
  const machine = new Machine(t, { collect: ['network'] }).write('proc/net/dev', dev(4_294_967_000))
  await machine.sample()
  await machine.clock.advance(1000)
  const points = await machine.write('proc/net/dev', dev(100)).points()
  const of = (name: string) => points.filter(({ series }) => series.name === name && series.labels.some(([, value]) => value === 'receive'))
  assert.deepEqual(of('system.network.io')[0]!.startTimeMs, machine.clock.now() - 1000)
  assert.deepEqual([...of('system.network.io.rate'), ...of('system.network.total.io.rate')], [])
  const after = await machine.write('proc/net/dev', dev(600)).sampleAfter(500)
  assert.equal(after['system.network.total.io.rate{network.io.direction=receive}'], 1000)
})

test('a container without disks and with little else gives what there is', async (t) => {
  const machine = new Machine(t, { collect: areasButGpu }).become('first')
  machine.write('proc/diskstats', '').write('proc/meminfo', 'MemTotal: 100 kB\nMemFree: 40 kB\n').remove('proc/loadavg')
  const sample = await machine.sample()
  const names = [...new Set(Object.keys(sample).map((name) => name.split('{')[0]))]
  assert.ok(names.every((name) => !name?.startsWith('system.disk') && !name?.startsWith('system.cpu.load')))
  assert.equal(sample['system.memory.usage{system.memory.state=free}'], 40_960)
  assert.equal(sample['system.memory.usage{system.memory.state=used}'], undefined)
  const health = machine.source.health()
  assert.ok(health.state === 'degraded' && health.reason.includes('loadavg (ENOENT)'))
  await machine.become('second').sample()
  assert.deepEqual(machine.source.health(), { state: 'healthy' })
})

test('a machine that tells nothing gives no batch', async (t) => {
  const machine = new Machine(t, { collect: areasButGpu })
  assert.equal(await machine.source.make(new Date(0), machine.context), undefined)
})

test('whatever the files contain, nothing is thrown, and no value is impossible', async (t) => {
  const machine = new Machine(t, { collect: areasButGpu })
  const word = fc.constantFrom(
    'cpu',
    'cpu0',
    'btime',
    'MemTotal:',
    'MemFree:',
    'MemAvailable:',
    'SwapTotal:',
    'SwapFree:',
    '8 0 sda',
    'eth0:',
  )
  const number = fc.oneof(fc.nat(100).map(String), fc.constantFrom('-1', '1e400', '99999999999999999999', 'x'))
  const line = fc.tuple(word, fc.array(number, { minLength: 1, maxLength: 17 })).map(([first, rest]) => [first, ...rest].join(' '))
  const likely = fc.array(line).map((lines) => lines.join('\n'))
  const content = fc.oneof({ weight: 3, arbitrary: likely }, fc.string(), fc.uint8Array())
  const files = ['stat', 'meminfo', 'diskstats', 'net/dev', 'loadavg', 'uptime']
  await fc.assert(
    fc.asyncProperty(fc.tuple(...files.map(() => content)), async (contents) => {
      for (const [index, file] of files.entries()) machine.write(`proc/${file}`, contents[index]!)
      for (const [name, value] of Object.entries(await machine.sampleAfter(1000))) {
        assert.ok(Number.isFinite(value) && value >= 0, `${name} ${value}`)
        if (name.includes('utilization')) assert.ok(value <= 1, `${name} ${value}`)
      }
    }),
  )
})

test('options that cannot be used are refused', () => {
  const wrong = { collect: ['weather'] } as unknown as SystemSourceOptions
  assert.throws(
    () => new SystemSource(wrong),
    (error) => error instanceof WaybillError && error.code === 'INVALID_OPTION' && /collect/.test(error.message),
  )
})

test('this machine shows its CPUs, memory, disks and interfaces', { skip: process.platform !== 'linux' }, async (t) => {
  const source = new SystemSource()
  t.after(() => source.stop())
  const context = createContext()
  await source.make(new Date(), context)
  const points = (await source.make(new Date(), context))!.points
  const names = new Set(points.map(({ series }) => series.name))
  for (const name of ['system.cpu.time', 'system.cpu.logical.count', 'system.memory.usage', 'system.network.io', 'system.uptime']) {
    assert.ok(names.has(name), name)
  }
  const hasDisk = /^ +\d+ +\d+ (?!loop|ram)/m.test(readFileSync('/proc/diskstats', 'utf8'))
  assert.equal(names.has('system.disk.io'), hasDisk)
  assert.ok(points.every(({ value }) => Number.isFinite(value)))
})

test('the plugin makes the source', () => {
  const made = system.create({ name: 'host', config: system.config!.parse({}), host: undefined } as never)
  assert.deepEqual([made.name, system.type, system.kind, [...system.signals]], ['host', 'system', 'source', ['metrics']])
})
