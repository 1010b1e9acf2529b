import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneDecimal } from './cubestat.ts'
import { areasButGpu, Machine } from './fixtures/machine.ts'

const none = undefined

/** Worked out by hand from the fixtures, which are 1 s and 2.5 s apart. */
const expected: Record<string, readonly [number | undefined, number, number]> = {
  'cpu.cpu.0.core.0.utilization.percent': [none, 45, 0],
  'cpu.cpu.0.core.1.utilization.percent': [none, 80, 50],
  'cpu.cpu.0.total.utilization.percent': [none, 62.5, 25],
  'cpu.total.count': [2, 2, 2],
  'memory.system.total.used.percent': [25, 25, 50],
  'memory.system.total.used.bytes': [2_048_000_000, 2_048_000_000, 4_096_000_000],
  'memory.system.mapped.bytes': [307_200_000, 307_200_000, 512_000_000],
  'swap.total.used.bytes': [0, 0, 256_000_000],
  'disk.total.read.bytes_per_sec': [none, 1_048_576, 1_572_864],
  'disk.total.write.bytes_per_sec': [none, 2_097_152, 0],
  'network.total.rx.bytes_per_sec': [none, 10_500, 10_000],
  'network.total.tx.bytes_per_sec': [none, 5000, 0],
}

test('every metric over three samples, and no other', async (t) => {
  const machine = new Machine(t, { naming: 'cubestat', collect: areasButGpu })
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

test('percentages of CPUs are rounded as Python rounds', () => {
  const rounded = [12.25, 12.75, 12.35, 0.05, 99.96, undefined].map(oneDecimal)
  assert.deepEqual(rounded, [12.2, 12.8, 12.3, 0.1, 100, undefined])
})
