/** Start, flush, stop and health, in any order. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { HealthStatus } from '../../core/component.ts'
import type { Case } from './trial.ts'

export const lifeCases: readonly Case[] = [
  {
    name: 'can be stopped without having been started',
    async check(trial) {
      await trial.stop()
    },
  },
  {
    name: 'can be stopped twice',
    async check(trial) {
      await trial.start()
      await trial.exportOk(trial.setup.batch(2, 'stopped'))
      await trial.stop()
      await trial.stop()
      await Promise.all([trial.stop(), trial.stop()])
    },
  },
  {
    name: 'can be started twice',
    async check(trial) {
      const batch = trial.setup.batch(3, 'started')
      await Promise.all([trial.start(), trial.start()])
      await trial.start()
      await trial.exportOk(batch)
      await trial.arrivedOnce([batch])
    },
  },
  {
    name: 'can be flushed at any time',
    async check(trial) {
      const batch = trial.setup.batch(3, 'flushed')
      await trial.flush()
      await trial.start()
      await trial.flush()
      await trial.exportOk(batch)
      await Promise.all([trial.flush(), trial.flush()])
      await trial.arrivedOnce([batch])
      await trial.stop()
      await trial.flush()
    },
  },
  {
    name: 'says ok before the start only for what it delivers',
    async check(trial) {
      const batch = trial.setup.batch(3, 'early')
      const result = await trial.export(batch)
      await trial.start()
      await trial.claimsHold(batch, result)
    },
  },
  {
    name: 'says ok after the stop only for what it delivers',
    async check(trial) {
      const batch = trial.setup.batch(3, 'late')
      await trial.start()
      await trial.stop()
      await trial.claimsHold(batch, await trial.export(batch))
    },
  },
  {
    name: 'knows its health in every phase',
    async check(trial) {
      const { setup } = trial
      if (!setup.exporter.health) return
      const phases: [string, () => Promise<unknown>][] = [
        ['when it is made', async () => {}],
        ['once it has started', () => trial.start()],
        ['after an export', () => trial.export(setup.batch(2, 'healthy'))],
        ['after a flush', () => trial.flush()],
        ['after an export to a broken destination', async () => setup.breakDestination?.().then(() => trial.export(setup.batch(2, 'ill')))],
        ['after the stop', () => trial.stop()],
      ]
      for (const [phase, enter] of phases) {
        await enter()
        checkHealth(setup.exporter.health(), phase)
      }
    },
  },
  {
    name: 'leaves no timer and no socket when it has stopped',
    async check(trial) {
      // What the case before this one left is not to be taken for what was there.
      await pause(100)
      const before = resources()
      await trial.start()
      await trial.exportOk(trial.setup.batch(3, 'left'))
      await trial.flush()
      await trial.stop()
      // A closed socket is gone a few turns of the event loop later.
      for (let waitedMs = 0; waitedMs < 1000 && added(before).length > 0; waitedMs += 20) await pause(20)
      assert.deepEqual(
        added(before),
        [],
        'these keep the process alive after the stop; a destination in this process has to answer Connection: close',
      )
    },
  },
]

function checkHealth(health: HealthStatus, phase: string): void {
  switch (health.state) {
    case 'starting':
    case 'healthy':
    case 'stopped':
      return
    case 'degraded':
    case 'unhealthy':
      assert.ok(health.reason, `health() gives no reason ${phase}`)
      return
    default:
      assert.fail(`${phase} health() tells ${JSON.stringify(health)}`)
  }
}

/** What keeps this process alive, as names of types, one for each. */
const resources = (): string[] => process.getActiveResourcesInfo()

/** What keeps it alive now beyond `before`. */
function added(before: readonly string[]): string[] {
  const known = [...before]
  return resources().filter((type) => {
    const at = known.indexOf(type)
    if (at >= 0) known.splice(at, 1)
    return at < 0
  })
}
