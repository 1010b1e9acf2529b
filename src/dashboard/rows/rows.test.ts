import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Modes, usualModes } from '../groups.ts'
import { usualCpuMode } from './cpu-rows.ts'
import { rowsOf } from './rows.ts'

const cores = (type: string, cluster: number, ...numbers: number[]) => [
  ...numbers.map((core) => `cpu.${type}.${cluster}.core.${core}.utilization.percent`),
  `cpu.${type}.${cluster}.total.utilization.percent`,
]
const gpu = (vendor: string, number: number) => [
  `gpu.${vendor}.${number}.memory.used.percent`,
  `gpu.${vendor}.${number}.utilization.percent`,
]
const gpuTotals = ['gpu.total.count', 'gpu.total.utilization.percent']

/** As on the screen: titles with their indents. */
const titles = (names: readonly string[], modes: Partial<Modes> = {}) =>
  rowsOf(names, { ...usualModes, ...modes }).map(({ title, indent }) => ' '.repeat(indent) + title)

test('what the system source measures on Linux, in order', () => {
  const names = [
    'mock.test.value.count',
    'swap.total.used.bytes',
    ...['memory.system.mapped.bytes', 'memory.system.total.used.bytes', 'memory.system.total.used.percent'],
    ...['disk.total.write.bytes_per_sec', 'disk.total.read.bytes_per_sec'],
    ...['network.total.tx.bytes_per_sec', 'network.total.rx.bytes_per_sec'],
    ...gpu('nvidia', 0),
    ...gpuTotals,
    ...cores('cpu', 0, 1, 0),
    'cpu.total.count',
  ]
  assert.deepEqual(titles(names), [
    '[2] Cpu total CPU util %',
    '  Cpu CPU 0 util %',
    '  Cpu CPU 1 util %',
    'network rx',
    'network tx',
    'NVIDIA GPU 0 util %',
    'disk read',
    'disk write',
    'swap used',
    'RAM used %',
    '  RAM used',
    '  RAM mapped',
  ])
})

test('CPU: the mean, the cores or both; clusters by their lowest core', () => {
  const names = [...cores('efficiency', 0, 8, 10, 9), ...cores('performance', 0, 0, 1), ...cores('performance', 1, 4)]
  assert.deepEqual(titles(names, { cpu: 'by_cluster' }), [
    '[2] Performance total CPU util %',
    '[1] Performance 1 total CPU util %',
    '[3] Efficiency total CPU util %',
  ])
  assert.deepEqual(titles(names, { cpu: 'by_core' }).slice(-3), [
    'Efficiency CPU 8 util %',
    'Efficiency CPU 9 util %',
    'Efficiency CPU 10 util %',
  ])
  assert.equal(titles(names, { cpu: 'all' }).length, 9)
  assert.deepEqual(titles(['cpu.cpu.0.total.utilization.percent']), ['[0] Cpu total CPU util %'])
})

test('CPU: all of up to 19 cores, the means of more', () => {
  const some = (count: number) => cores('cpu', 0, ...Array(count).keys())
  assert.equal(usualCpuMode(some(19)), 'all')
  assert.equal(usualCpuMode(some(20)), 'by_cluster')
})

test('GPU: several have a mean, and are its parts', () => {
  const names = [...gpuTotals, ...gpu('nvidia', 10), ...gpu('nvidia', 2), ...gpu('amd', 0)]
  assert.deepEqual(titles(names, { gpu: 'collapsed' }), ['[3] Total GPU util %'])
  assert.deepEqual(titles(names, { gpu: 'load_only' }), [
    '[3] Total GPU util %',
    '  AMD GPU 0 util %',
    '  NVIDIA GPU 2 util %',
    '  NVIDIA GPU 10 util %',
  ])
  assert.deepEqual(titles(names, { gpu: 'load_and_vram' }).slice(0, 3), [
    '[3] Total GPU util %',
    '  AMD GPU 0 util %',
    '  AMD GPU 0 vram used %',
  ])
})

test('GPU: a single one is shown when collapsed too', () => {
  assert.deepEqual(titles([...gpuTotals, ...gpu('nvidia', 0)], { gpu: 'collapsed' }), ['NVIDIA GPU 0 util %'])
  assert.deepEqual(titles(gpu('apple', 0), { gpu: 'load_and_vram' }), ['GPU util %', 'GPU vram used %'])
  assert.deepEqual(titles(gpuTotals), [])
})

test('the other groups: shown, hidden, with their parts or without', () => {
  const power = ['total', 'cpu', 'gpu', 'ane'].map((part) => `power.component.${part}.consumption.watts`)
  assert.deepEqual(titles(power), ['total power'])
  assert.deepEqual(titles(power, { power: 'all' }), ['total power', '  CPU power', '  GPU power', '  ANE power'])
  assert.deepEqual(titles(power, { power: 'off' }), [])
  assert.deepEqual(titles(['memory.system.total.used.percent', 'memory.system.mapped.bytes'], { ram: 'percent' }), ['RAM used %'])
  const others = [
    'disk.total.read.bytes_per_sec',
    'network.total.rx.bytes_per_sec',
    'swap.total.used.bytes',
    'accel.ane.utilization.percent',
  ]
  assert.deepEqual(titles(others), ['network rx', 'disk read', 'swap used', 'ANE util %'])
  assert.deepEqual(titles(others, { disk: 'hide', network: 'hide', swap: 'hide', ane: 'hide' }), [])
})
