import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext, silent } from '../../../sdk.ts'
import { ManualClock } from '../../../testing/manual-clock.ts'
import { createTestHost } from '../../../testing/test-host.ts'
import { deviceSchema, resourceSchemas } from '../../model/resources.ts'
import type { MetricData } from '../../third-party/metric-data.ts'
import { diskCounts } from './disk-counts.ts'
import linux, { linuxDevice } from './linux.ts'
import type { Machine } from './machine.ts'

const context = createContext()

const stats = (sda: readonly number[], sda1: readonly number[]) => {
  const line = (minor: number, name: string, [reads, read, readMs, writes, written, writeMs]: readonly number[]) =>
    `   8 ${minor} ${name} ${reads} 0 ${read} ${readMs} ${writes} 0 ${written} ${writeMs} 0 0 0`
  return `${line(0, 'sda', sda)}\n${line(1, 'sda1', sda1)}\n 7 0 loop0 9 9 9 9 9 9 9 9 0 0 0\nnonsense\n`
}

/** A machine with one disk, one file system on it, and what else there may be in its files. */
class FakeMachine implements Machine {
  readonly files: Record<string, string> = {
    '/proc/diskstats': stats([0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]),
    '/proc/filesystems': 'nodev\tproc\nnodev\tnfs4\n\text4\n',
    '/proc/mounts': [
      'proc /proc proc rw 0 0',
      '/dev/sda1 /srv\\040data ext4 rw 0 0',
      '/dev/sda1 /again ext4 rw 0 0',
      'server:/x /net nfs4 rw 0 0',
      '/dev/gone /gone ext4 rw 0 0',
    ].join('\n'),
    '/etc/machine-id': '3d1219c7c4c5404aaa1f6d2a48adfda4',
    '/sys/block/sda/size': '2000',
    '/sys/block/sda/queue/rotational': '1',
    '/sys/block/sda/device/vendor': 'ACME    ',
    '/sys/block/sda/device/model': 'Spinner',
    '/sys/block/sda/device/rev': 'A1',
    '/sys/block/loop0/size': '8',
    '/sys/block/sr0/size': '0',
    '/sys/block/sr0/device/model': 'DVD',
  }
  smart: string | undefined
  text = async (path: string) => this.files[path]?.trimEnd()
  real = async (path: string) => path
  run = async () => this.smart
  space = async (path: string) => (path === '/srv data' ? { total: 100, used: 60, free: 30 } : undefined)
  list = async (path: string) => [
    ...new Set(
      Object.keys(this.files).flatMap((file) => (file.startsWith(`${path}/`) ? [file.slice(path.length + 1).split('/')[0]!] : [])),
    ),
  ]
}

test('004-24 linux host: disks that are devices, by /sys and by SMART where it can be read', async () => {
  const machine = new FakeMachine()
  const device = linuxDevice(machine, { clock: new ManualClock(), log: silent })
  const [disk, ...others] = await device.resources.disks!(context)
  assert.deepEqual(others, [])
  const { physical_type, status, manufacturer, model, firmware, capacity, health_score, serial_number } = resourceSchemas.disks.parse(disk)
  assert.deepEqual(
    [physical_type, status, manufacturer, model, firmware, capacity, health_score, serial_number],
    ['hdd', 'normal', 'ACME', 'Spinner', 'A1', 1_024_000, undefined, undefined],
  )
  machine.smart = JSON.stringify({
    smart_status: { passed: false },
    serial_number: 'S1',
    rotation_rate: 7200,
    nvme_smart_health_information_log: { percentage_used: 7 },
  })
  const [ill] = await device.resources.disks!(context)
  assert.deepEqual([ill!.status, ill!.serial_number, ill!.speed, ill!.health_score], ['abnormal', 'S1', 7200, 93])
  assert.equal((await device.describe(context)).status, 'degraded')
  for (const nothing of ['{"smartctl":{"exit_status":2}}', 'no json', '[]']) {
    machine.smart = nothing
    assert.equal((await device.resources.disks!(context))[0]!.status, 'normal')
  }
  await device.close!()
})

test('004-24 linux host: file systems of its own devices, each once', async () => {
  const device = linuxDevice(new FakeMachine(), { clock: new ManualClock(), log: silent })
  const [filesystem, ...others] = await device.resources.filesystems!(context)
  assert.deepEqual(others, [])
  assert.deepEqual(filesystem, {
    ...{ native_filesystem_id: '/dev/sda1', name: '/srv data', type: 'thick', status: 'normal', security_mode: 'unix' },
    ...{ total_capacity: 100, used_capacity: 60, free_capacity: 30 },
  })
  const described = deviceSchema.parse(await device.describe(context))
  assert.deepEqual([described.total_capacity, described.used_capacity, described.raw_capacity], [100, 60, 1_024_000])
  assert.ok(!described.serial_number.includes('3d1219c7'))
  await device.close!()
})

test('004-24 linux host: what goes on, every ten seconds, in the span that was asked for', async () => {
  const machine = new FakeMachine()
  const clock = new ManualClock(0)
  const device = linuxDevice(machine, { clock, log: silent })
  await clock.advance(0)
  // 100 reads of 4,096 bytes that took 2 ms each, 50 writes of 8,192 bytes that took 4 ms each.
  machine.files['/proc/diskstats'] = stats([100, 800, 200, 50, 800, 200], [100, 800, 200, 0, 0, 0])
  await clock.advance(10_000)
  await clock.advance(10_000)
  // It was taken out and put back.
  machine.files['/proc/diskstats'] = stats([1, 8, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0])
  await clock.advance(10_000)
  const during = async (startMs: number, endMs: number) => {
    const all: MetricData[] = []
    for await (const portion of device.measured!({ startMs, endMs }, context)) all.push(...portion)
    return Object.fromEntries(all.map(({ name, labels, values }) => [`${labels.resource_type} ${labels.resource_id} ${name}`, values]))
  }
  const first = await during(0, 10_001)
  assert.deepEqual(first['disk sda iops'], { 10000: 15 })
  assert.deepEqual(first['disk sda readIops'], { 10000: 10 })
  assert.deepEqual(first['disk sda throughput'], { 10000: 0.08192 })
  assert.deepEqual(first['disk sda responseTime'], { 10000: 400 / 150 })
  assert.deepEqual(first['disk sda writeResponseTime'], { 10000: 4 })
  assert.equal(first['disk sda ioSize'], undefined)
  assert.deepEqual(first['storage storage readIoSize'], { 10000: 4.096 })
  assert.deepEqual(first['filesystem /dev/sda1 readIops'], { 10000: 10 })
  assert.equal(first['filesystem /dev/sda1 writeResponseTime'], undefined)
  assert.deepEqual((await during(0, 40_000))['disk sda iops'], { 10000: 15, 20000: 0 })
  assert.deepEqual(await during(0, 10_000), {})
  await clock.advance(3_600_000)
  assert.deepEqual(await during(0, 20_001), {})
  await device.close!()
  assert.equal(clock.sleeping, 0)
})

test('counters of disks: sectors are 512 bytes, and what is no line of them is left out', () => {
  assert.deepEqual([...diskCounts(stats([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1])).keys()], ['sda', 'sda1', 'loop0'])
  assert.deepEqual(diskCounts(stats([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1])).get('sda'), {
    ...{ reads: 1, readBytes: 1024, readMs: 3, writes: 4, writtenBytes: 2560, writeMs: 6 },
  })
})

test('004-24 linux host tells of this machine', { skip: process.platform !== 'linux' && 'no Linux' }, async () => {
  const device = await linux.connect({ id: 'a', access: {}, host: createTestHost() })
  assert.match(deviceSchema.parse(await device.describe(context)).serial_number, /^[0-9a-f]{32}$/)
  for (const disk of await device.resources.disks!(context)) resourceSchemas.disks.parse(disk)
  for (const filesystem of await device.resources.filesystems!(context)) resourceSchemas.filesystems.parse(filesystem)
  await device.close!()
})
