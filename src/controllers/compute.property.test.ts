import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ExportResult, ok, retry } from '../core/result.ts'
import { hourMs, minuteMs, noon, World } from './windows.fixture.ts'

const intervalMs = 10 * minuteMs

const outages: Record<string, () => Promise<ExportResult>> = {
  none: async () => ok,
  batch: async () => retry(new Error('refused')),
  destination: async () => retry(new Error('refused'), { scope: 'destination' }),
  thrown: () => Promise.reject(new Error('broken')),
}

const minutes = (max: number) => fc.integer({ min: 0, max })
const run = fc.record({ type: fc.constant('run' as const), minutes: minutes(400) })
const outage = fc.record({ type: fc.constant('outage' as const), of: fc.constantFrom(...Object.keys(outages)) })
const restart = fc.record({ type: fc.constant('restart' as const), pause: minutes(1500), crash: fc.constant(false) })
const clock = fc.record({ type: fc.constant('clock' as const), by: fc.integer({ min: -300, max: 300 }) })
const crash = fc.record({ type: fc.constant('restart' as const), pause: minutes(1500), crash: fc.constant(true) })

type StepOf<A> = A extends fc.Arbitrary<infer R> ? R : never
type Step = StepOf<typeof run | typeof outage | typeof restart | typeof crash | typeof clock>

/** Takes the steps, then mends everything and goes on until nothing waits that need not. Gives the controller and how many windows closed. */
async function live(world: World, steps: readonly Step[], { maxPending, mend = () => {} }: { maxPending: number; mend?: () => void }) {
  let controller = world.controller({ maxPending })
  controller.start(intervalMs)
  await world.clock.advance(0)
  let latestMs = world.clock.now()
  for (const step of steps) {
    if (step.type === 'run') await world.clock.advance(step.minutes * minuteMs)
    if (step.type === 'outage') world.answer = outages[step.of]!
    if (step.type === 'clock') world.clock.offsetMs += step.by * minuteMs
    if (step.type === 'restart') {
      const stopped = step.crash ? undefined : controller.stop()
      if (!step.crash) await world.clock.advance(minuteMs)
      await stopped
      const before = controller
      controller = world.controller({ maxPending })
      await world.clock.advance(step.pause * minuteMs)
      void before.stop()
      controller.start(intervalMs)
    }
    latestMs = Math.max(latestMs, world.clock.now())
  }
  world.answer = outages.none!
  mend()
  await world.clock.advance(Math.max(0, latestMs - world.clock.now()) + 40 * intervalMs)
  const stopped = controller.stop()
  await world.clock.advance(minuteMs)
  await stopped
  const closed = Math.floor((world.clock.now() - minuteMs) / hourMs) - Math.floor(noon / hourMs) + 1
  return { controller, closed }
}

const runs = Number(process.env.WAYBILL_RUNS ?? 400)

test('over outages, restarts and clock steps every closed window is exported exactly once, in order, or counted as dropped', async () => {
  const steps = fc.array(fc.oneof(run, outage, restart, clock), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(1, 2, 5, 48), async (steps, maxPending) => {
      const world = new World()
      const { controller, closed } = await live(world, steps, { maxPending })
      const finals = world.finals
      assert.ok(
        finals.every((hour, n) => n === 0 || hour > finals[n - 1]!),
        `in order: ${finals}`,
      )
      assert.equal(controller.pendingWindows, 0)
      assert.equal(finals.length + controller.droppedWindows, closed)
      if (closed <= maxPending) assert.equal(controller.droppedWindows, 0)
    }),
    { numRuns: runs },
  )
})

test('windows that fail by themselves, slow exports, stops in the middle of a tick and crashes lose nothing either', async () => {
  const steps = fc.array(fc.oneof(run, outage, restart, crash), { maxLength: 12 })
  const poison = fc.dictionary(fc.integer({ min: -1, max: 40 }).map(String), fc.constantFrom(1, 3, Number.POSITIVE_INFINITY))
  await fc.assert(
    fc.asyncProperty(
      steps,
      poison,
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom(5, 48),
      async (steps, poison, exportMinutes, maxPending) => {
        const world = new World()
        const left = new Map(Object.entries(poison))
        world.compute = async ({ start }) => {
          const hour = String((start.getTime() - noon) / hourMs)
          const failures = left.get(hour) ?? 0
          left.set(hour, failures - 1)
          if (failures > 0) throw new Error('poisoned')
          return world.clock.sleep((exportMinutes * minuteMs) / 4).then(() => 1)
        }
        const mend = () => {
          for (const [hour, failures] of left) if (Number.isFinite(failures)) left.delete(hour)
        }
        const crashes = steps.filter((step) => step.type === 'restart' && step.crash).length
        const { controller, closed } = await live(world, steps, { maxPending, mend })
        const windows = new Set(world.finals)
        assert.ok(world.finals.length - windows.size <= crashes)
        assert.ok(Object.entries(poison).every(([hour, failures]) => Number.isFinite(failures) || !windows.has(Number(hour))))
        const lasting = Object.values(poison).filter((failures) => !Number.isFinite(failures)).length
        assert.ok(controller.pendingWindows <= lasting, `${controller.pendingWindows} wait`)
        assert.equal(windows.size + controller.droppedWindows + controller.pendingWindows, closed)
      },
    ),
    { numRuns: runs },
  )
})
