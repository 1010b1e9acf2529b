import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { Machine } from './fixtures/machine.ts'
import type { SystemSourceOptions } from './system.ts'

/** Waits for what another process does. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    assert.ok(tries < 500, 'it did not come about within 5 s')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** A machine of which only GPUs are collected, every second. */
const gpuMachine = (t: TestContext, options: SystemSourceOptions = {}) =>
  new Machine(t, { collect: ['gpu'], gpuInterval: '1s', gpuTimeout: '5s', ...options })

/** The sample after the tools have answered. No time passes. */
async function answered(machine: Machine): Promise<Record<string, number>> {
  await machine.sample()
  await until(() => machine.clock.sleeping === 0)
  return machine.sample()
}

const runs = (machine: Machine): number => (existsSync(machine.path('runs')) ? readFileSync(machine.path('runs'), 'utf8').length : 0)
const counted = (machine: Machine, script: string): string => `printf x >> ${machine.path('runs')}\n${script}`

test('GPUs of both makers come with the sample after the tools have answered, each measurement once', async (t) => {
  const machine = gpuMachine(t)
  machine.program('nvidia-smi', `test "$1" = --query-gpu=index,utilization.gpu,memory.used,memory.total && echo '0, 40, 256, 1024'`)
  machine.program(
    'rocm-smi',
    `echo '{"card1": {"GPU use (%)": "20", "VRAM Total Memory (B)": "1000", "VRAM Total Used Memory (B)": "500"}}'`,
  )
  assert.deepEqual(await machine.sample(), {})
  await until(() => machine.clock.sleeping === 0)
  assert.deepEqual(await machine.sample(), {
    'hw.gpu.utilization{hw.gpu.task=general,hw.id=nvidia-0,hw.vendor=NVIDIA}': 0.4,
    'hw.gpu.memory.usage{hw.id=nvidia-0,hw.vendor=NVIDIA}': 268_435_456,
    'hw.gpu.memory.limit{hw.id=nvidia-0,hw.vendor=NVIDIA}': 1_073_741_824,
    'hw.gpu.memory.utilization{hw.id=nvidia-0,hw.vendor=NVIDIA}': 0.25,
    'hw.gpu.utilization{hw.gpu.task=general,hw.id=amd-1,hw.vendor=AMD}': 0.2,
    'hw.gpu.memory.usage{hw.id=amd-1,hw.vendor=AMD}': 500,
    'hw.gpu.memory.limit{hw.id=amd-1,hw.vendor=AMD}': 1000,
    'hw.gpu.memory.utilization{hw.id=amd-1,hw.vendor=AMD}': 0.5,
    'system.gpu.count': 2,
    'system.gpu.utilization': 0.3,
  })
  assert.deepEqual(await machine.sample(), { 'system.gpu.count': 2 })
})

test('cubestat has two percentages for each GPU, their number and the mean', async (t) => {
  const machine = gpuMachine(t, { naming: 'cubestat' })
  machine.program('nvidia-smi', `echo '0, 40, 256, 1024'; echo '1, 60, 0, 0'; echo '2, [N/A], [N/A], [N/A]'`)
  assert.deepEqual(await answered(machine), {
    'gpu.nvidia.0.utilization.percent': 40,
    'gpu.nvidia.0.memory.used.percent': 25,
    'gpu.nvidia.1.utilization.percent': 60,
    'gpu.nvidia.1.memory.used.percent': 0,
    'gpu.total.count': 3,
    'gpu.total.utilization.percent': 50,
  })
})

test('a tool is run once in an interval', async (t) => {
  const machine = gpuMachine(t, { gpuInterval: '5s' })
  machine.program('nvidia-smi', counted(machine, `echo '0, 40, 256, 1024'`))
  await answered(machine)
  await machine.sampleAfter(4000)
  assert.equal(runs(machine), 1)
  await machine.sampleAfter(990)
  await answered(machine)
  assert.equal(runs(machine), 2)
})

test('a machine without the tools has no GPU, and is asked again only after a minute', async (t) => {
  const machine = gpuMachine(t)
  assert.deepEqual(await answered(machine), { 'system.gpu.count': 0 })
  machine.program('nvidia-smi', counted(machine, `echo '0, 40, 256, 1024'`))
  for (let second = 1; second < 60; second++) await machine.sampleAfter(1000)
  assert.equal(runs(machine), 0)
  await machine.sampleAfter(1000)
  await answered(machine)
  assert.equal(runs(machine), 1)
})

test('a tool that fails is asked again after longer and longer', async (t) => {
  const machine = gpuMachine(t)
  machine.program('nvidia-smi', counted(machine, 'echo no driver >&2; exit 9'))
  const ranAtMinutes = []
  for (let minute = 0; minute <= 20; minute++) {
    const before = runs(machine)
    await machine.sampleAfter(minute === 0 ? 0 : 60_000)
    await until(() => machine.clock.sleeping === 0)
    if (runs(machine) > before) ranAtMinutes.push(minute)
  }
  assert.deepEqual(ranAtMinutes, [0, 1, 3, 7, 15])

  machine.program('nvidia-smi', counted(machine, `echo '0, 40, 256, 1024'`))
  await machine.clock.advance(300_000)
  await answered(machine)
  await machine.clock.advance(1000)
  await answered(machine)
  assert.equal(runs(machine), ranAtMinutes.length + 2, 'once it works, it is asked every interval again')
})

test('a tool that hangs delays nothing, and is killed', async (t) => {
  const machine = gpuMachine(t)
  machine.program('nvidia-smi', `echo $$ > ${machine.path('pid')}\nexec sleep 60`)
  await machine.sample()
  await until(() => existsSync(machine.path('pid')) && readFileSync(machine.path('pid'), 'utf8') !== '')
  const pid = Number(readFileSync(machine.path('pid'), 'utf8'))
  for (let second = 1; second < 5; second++) assert.deepEqual(await machine.sampleAfter(1000), {}, 'how many there are is not known')
  assert.ok(lives(pid))
  await machine.sampleAfter(1000)
  await until(() => !lives(pid))
  await until(async () => 'system.gpu.count' in (await machine.sample()))
  assert.deepEqual(await machine.sample(), { 'system.gpu.count': 0 })
})

test('a stop ends what is under way', async (t) => {
  const machine = gpuMachine(t)
  machine.program('nvidia-smi', `echo $$ > ${machine.path('pid')}\nexec sleep 60`)
  await machine.sample()
  await until(() => existsSync(machine.path('pid')) && readFileSync(machine.path('pid'), 'utf8') !== '')
  await machine.source.stop()
  await machine.source.stop()
  await until(() => !lives(Number(readFileSync(machine.path('pid'), 'utf8'))))
  assert.equal(machine.clock.sleeping, 0)
})

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
