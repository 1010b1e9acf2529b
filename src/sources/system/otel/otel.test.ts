import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { test } from 'node:test'
import { areasButGpu, Machine } from '../fixtures/machine.ts'

const none = undefined
const cpu0 = (mode: string) => `system.cpu.time{cpu.logical_number=0,cpu.mode=${mode}}`
const cpu1 = (mode: string) => `system.cpu.time{cpu.logical_number=1,cpu.mode=${mode}}`
const memory = (metric: string, state: string) => `system.memory.${metric}{system.memory.state=${state}}`
const swap = (metric: string, state: string) => `system.paging.${metric}{system.paging.state=${state}}`
const disk = (metric: string, direction: string, device: string) =>
  `system.disk.${metric}{disk.io.direction=${direction},system.device=${device}}`
const net = (metric: string, direction: string, name: string) =>
  `system.network.${metric}{network.interface.name=${name},network.io.direction=${direction}}`

/** Worked out by hand from the fixtures, which are 1 s and 2.5 s apart. */
const expected: Record<string, readonly [number | undefined, number | undefined, number | undefined]> = {
  'system.cpu.logical.count': [2, 2, 2],
  'system.cpu.utilization': [none, 0.625, 0.25],
  'system.cpu.utilization{cpu.logical_number=0}': [none, 0.45, 0],
  'system.cpu.utilization{cpu.logical_number=1}': [none, 0.8, 0.5],
  [cpu0('user')]: [20, 20.3, 20.3],
  [cpu0('nice')]: [1, 1, 1],
  [cpu0('system')]: [7, 7.1, 7.1],
  [cpu0('idle')]: [90, 90.5, 93],
  [cpu0('iowait')]: [3, 3.05, 3.05], // in the third it has stepped back by a tick
  [cpu0('interrupt')]: [0.5, 0.53, 0.53],
  [cpu0('steal')]: [0, 0.02, 0.02],
  [cpu1('user')]: [40, 40.8, 42.05],
  [cpu1('nice')]: [0, 0, 0],
  [cpu1('system')]: [9, 9, 9],
  [cpu1('idle')]: [80, 80.2, 81.45],
  [cpu1('iowait')]: [1, 1, 1],
  [cpu1('interrupt')]: [0.3, 0.3, 0.3],
  [cpu1('steal')]: [0.2, 0.2, 0.2],

  'system.memory.limit': [8_192_000_000, 8_192_000_000, 8_192_000_000],
  'system.memory.linux.mapped': [307_200_000, 307_200_000, 512_000_000],
  [memory('usage', 'used')]: [2_048_000_000, 2_048_000_000, 4_096_000_000],
  [memory('usage', 'free')]: [1_024_000_000, 1_024_000_000, 1_024_000_000],
  [memory('usage', 'buffers')]: [204_800_000, 204_800_000, 204_800_000],
  [memory('usage', 'cached')]: [4_096_000_000, 4_096_000_000, 4_096_000_000],
  [memory('utilization', 'used')]: [0.25, 0.25, 0.5],
  [memory('utilization', 'free')]: [0.125, 0.125, 0.125],
  [memory('utilization', 'buffers')]: [0.025, 0.025, 0.025],
  [memory('utilization', 'cached')]: [0.5, 0.5, 0.5],
  [swap('usage', 'used')]: [0, 0, 256_000_000],
  [swap('usage', 'free')]: [1_024_000_000, 1_024_000_000, 768_000_000],
  [swap('utilization', 'used')]: [0, 0, 0.25],
  [swap('utilization', 'free')]: [1, 1, 0.75],

  'system.disk.total.io.rate{disk.io.direction=read}': [none, 1_048_576, 1_572_864], // without dm-0, which is made of sda
  'system.disk.total.io.rate{disk.io.direction=write}': [none, 2_097_152, 0],
  [disk('io', 'read', 'sda')]: [10_240_000, 11_288_576, 13_910_016],
  [disk('io', 'write', 'sda')]: [20_480_000, 20_480_000, 20_480_000],
  [disk('io.rate', 'read', 'sda')]: [none, 1_048_576, 1_048_576],
  [disk('io.rate', 'write', 'sda')]: [none, 0, 0],
  [disk('operations', 'read', 'sda')]: [100, 110, 120],
  [disk('operations', 'write', 'sda')]: [200, 200, 200],
  [disk('io', 'read', 'nvme0n1')]: [51_200_000, 51_200_000, 52_510_720],
  [disk('io', 'write', 'nvme0n1')]: [25_600_000, 27_697_152, 27_697_152],
  [disk('io.rate', 'read', 'nvme0n1')]: [none, 0, 524_288],
  [disk('io.rate', 'write', 'nvme0n1')]: [none, 2_097_152, 0],
  [disk('operations', 'read', 'nvme0n1')]: [300, 300, 310],
  [disk('operations', 'write', 'nvme0n1')]: [400, 420, 420],
  [disk('io', 'read', 'dm-0')]: [9_728_000, 10_776_576, 10_776_576],
  [disk('io', 'write', 'dm-0')]: [15_360_000, 15_360_000, 15_360_000],
  [disk('io.rate', 'read', 'dm-0')]: [none, 1_048_576, 0],
  [disk('io.rate', 'write', 'dm-0')]: [none, 0, 0],
  [disk('operations', 'read', 'dm-0')]: [80, 90, 90],
  [disk('operations', 'write', 'dm-0')]: [150, 150, 150],

  'system.network.total.io.rate{network.io.direction=receive}': [none, 10_000, 10_000], // without lo, and without wlan0, which is excluded
  'system.network.total.io.rate{network.io.direction=transmit}': [none, 5000, 0],
  [net('io', 'receive', 'lo')]: [1000, 5000, 9000],
  [net('io', 'transmit', 'lo')]: [1000, 5000, 9000],
  [net('io.rate', 'receive', 'lo')]: [none, 4000, 1600],
  [net('io.rate', 'transmit', 'lo')]: [none, 4000, 1600],
  [net('errors', 'receive', 'lo')]: [0, 0, 0],
  [net('errors', 'transmit', 'lo')]: [0, 0, 0],
  [net('packet.dropped', 'receive', 'lo')]: [0, 0, 0],
  [net('packet.dropped', 'transmit', 'lo')]: [0, 0, 0],
  [net('io', 'receive', 'eth0')]: [1_000_000, 1_010_000, 1_035_000],
  [net('io', 'transmit', 'eth0')]: [500_000, 505_000, 505_000],
  [net('io.rate', 'receive', 'eth0')]: [none, 10_000, 10_000],
  [net('io.rate', 'transmit', 'eth0')]: [none, 5000, 0],
  [net('errors', 'receive', 'eth0')]: [0, 0, 1],
  [net('errors', 'transmit', 'eth0')]: [1, 1, 1],
  [net('packet.dropped', 'receive', 'eth0')]: [0, 0, 2],
  [net('packet.dropped', 'transmit', 'eth0')]: [0, 0, 0],

  'system.cpu.load_average.1m': [0.5, 0.5, 1.5],
  'system.cpu.load_average.5m': [0.25, 0.25, 0.5],
  'system.cpu.load_average.15m': [0.1, 0.1, 0.2],
  'system.uptime': [1000.25, 1001.25, 1003.75],
}

test('every metric over three samples; rates begin with the second and are of the measured time', async (t) => {
  const machine = new Machine(t, { collect: areasButGpu, interfaces: { exclude: ['wlan0'] } })
  const samples = [
    await machine.become('first').sample(),
    await machine.become('second').sampleAfter(1000),
    await machine.become('third').sampleAfter(2500),
  ]
  for (const [index, sample] of samples.entries()) {
    const present = Object.entries(expected).flatMap(([name, values]) => (values[index] === undefined ? [] : [[name, values[index]]]))
    assert.deepEqual(sample, Object.fromEntries(present))
  }
})

test('series say what they are, whose they are, and when counting began', async (t) => {
  const machine = new Machine(t)
  const points = await machine.become('first').points()
  const find = (name: string) => points.find(({ series }) => series.name === name)!
  const bootTimeMs = 1_700_000_000_000

  const io = find('system.disk.io')
  assert.equal(io.timeMs, machine.clock.now())
  assert.deepEqual([io.series.kind, io.series.monotonic, io.series.unit, io.startTimeMs], ['counter', undefined, 'By', bootTimeMs])
  const limit = find('system.memory.limit')
  assert.deepEqual([limit.series.kind, limit.series.monotonic, limit.startTimeMs], ['counter', false, bootTimeMs])
  const load = find('system.cpu.load_average.1m')
  assert.deepEqual([load.series.kind, load.startTimeMs], ['gauge', undefined])
  for (const { series } of points) {
    assert.ok(series.help && series.unit, series.name)
    assert.deepEqual(series.resource?.attributes, { 'host.name': hostname(), 'os.type': 'linux' })
  }

  const again = await machine.become('second').points()
  assert.equal(again.find(({ series }) => series.name === 'system.disk.io')!.series, io.series)
  assert.ok(
    again.every(({ startTimeMs }) => startTimeMs === undefined || startTimeMs === bootTimeMs),
    'a btime that moved is not followed',
  )
})
