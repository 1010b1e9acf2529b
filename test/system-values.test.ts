/** Every value that `waybill system` writes, worked out by hand from what the machine says. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRecording, type Sample } from '../src/dashboard/recording/recording.ts'
import { feedOf, type Machine } from './system-feed.fixture.ts'

/** From one to the next: ordinary, late, with a CPU offline, a new disk and counters that begin anew, and with the CPU back. */
const steps: readonly { afterMs: number; machine: Machine }[] = [
  {
    afterMs: 0,
    machine: {
      cpus: { 0: { user: 1000, idle: 1000 }, 1: { user: 500, idle: 500 } },
      disks: { sda: { read: 10_000, written: 20_000 } },
      interfaces: { lo: { received: 0, sent: 0 }, eth0: { received: 4_000_000, sent: 900_000 } },
      memory: { available: 6_000_000, swapFree: 1_000_000 },
    },
  },
  {
    afterMs: 1000,
    machine: {
      cpus: { 0: { user: 1025, idle: 1075 }, 1: { user: 550, idle: 550 } },
      disks: { sda: { read: 12_048, written: 20_000 } },
      interfaces: { lo: { received: 7000, sent: 7000 }, eth0: { received: 4_001_500, sent: 900_300 } },
      memory: { available: 6_000_000, swapFree: 750_000 },
    },
  },
  {
    afterMs: 2500,
    machine: {
      cpus: { 0: { user: 1275, idle: 1075 }, 1: { user: 675, idle: 675 } },
      disks: { sda: { read: 12_048, written: 25_120 } },
      interfaces: { lo: { received: 7000, sent: 7000 }, eth0: { received: 4_004_000, sent: 900_300 } },
      memory: { available: 4_000_000, swapFree: 750_000 },
    },
  },
  {
    afterMs: 1000,
    machine: {
      cpus: { 0: { user: 1275, idle: 1175 } },
      disks: { sda: { read: 12_050, written: 25_120 }, sdb: { read: 1000, written: 0 } },
      interfaces: { lo: { received: 7000, sent: 7000 }, eth0: { received: 10, sent: 5 } },
      memory: { available: 4_000_000, swapFree: 750_000 },
    },
  },
  {
    afterMs: 1000,
    machine: {
      cpus: { 0: { user: 1325, idle: 1225 }, 1: { user: 5, idle: 5 } },
      disks: { sda: { read: 12_050, written: 25_120 }, sdb: { read: 1004, written: 2 } },
      interfaces: { lo: { received: 7000, sent: 7000 }, eth0: { received: 510, sent: 5 } },
      memory: { available: 8_000_000, swapFree: 1_000_000 },
    },
  },
]

const none = undefined
const expected: Readonly<Record<string, readonly (number | undefined)[]>> = {
  'cpu.cpu.0.core.0.utilization.percent': [none, 25, 100, 0, 50],
  'cpu.cpu.0.core.1.utilization.percent': [none, 50, 50, none, none],
  'cpu.cpu.0.total.utilization.percent': [none, 37.5, 75, 0, 50],
  'cpu.total.count': [2, 2, 2, 1, 2],
  'disk.total.read.bytes_per_sec': [none, 1_048_576, 0, 1024, 2048],
  'disk.total.write.bytes_per_sec': [none, 0, 1_048_576, 0, 1024],
  'memory.system.mapped.bytes': [307_200_000, 307_200_000, 307_200_000, 307_200_000, 307_200_000],
  'memory.system.total.used.bytes': [2_048_000_000, 2_048_000_000, 4_096_000_000, 4_096_000_000, 0],
  'memory.system.total.used.percent': [25, 25, 50, 50, 0],
  'network.total.rx.bytes_per_sec': [none, 1500, 1000, none, 500],
  'network.total.tx.bytes_per_sec': [none, 300, 0, none, 0],
  'swap.total.used.bytes': [0, 256_000_000, 256_000_000, 256_000_000, 0],
}

test('002-30 known answers: a late sample, a counter that begins anew, a CPU offline and back, a disk that appears', async (t) => {
  const feed = await feedOf(t, '--output csv,json --output-file {folder}/a.csv --output-file {folder}/a.json')
  const times: number[] = []
  for (const { afterMs, machine } of steps) {
    await feed.clock.advance(afterMs)
    feed.become(machine)
    const at = new Date(feed.clock.now())
    times.push(at.getTime())
    const batch = await feed.sources[0]!.component.make(at, feed.context)
    await feed.pipelines[0]!.export(at, batch!, feed.context)
    await feed.settled()
  }
  const samples = times.map((timeMs, index) => ({
    timeMs,
    values: new Map(Object.entries(expected).flatMap(([name, values]) => (values[index] === none ? [] : [[name, values[index]]]))),
  }))
  for (const name of ['a.csv', 'a.json']) assert.deepEqual(await all(readRecording(join(feed.folder, name))), samples, name)
  const [header] = readFileSync(join(feed.folder, 'a.csv'), 'utf8').split('\r\n')
  assert.equal(header, ['timestamp', ...Object.keys(expected)].join())
})

async function all(samples: AsyncIterable<Sample>): Promise<Pick<Sample, 'timeMs' | 'values'>[]> {
  const list = []
  for await (const { timeMs, values } of samples) list.push({ timeMs, values })
  return list
}
