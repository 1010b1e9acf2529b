/** A caller that no longer waits. */
import assert from 'node:assert/strict'
import type { ExportResult } from '../../core/result.ts'
import { type Case, describe } from './trial.ts'

const limitMs = 1000

/** Long enough for a call to have reached its destination. */
const underWayMs = 50

export const abortCases: readonly Case[] = [
  {
    name: 'settles within a second when the signal has aborted before',
    async check(trial) {
      await trial.start()
      await trial.setup.stallDestination?.()
      const batch = trial.setup.batch(3, 'aborted')
      const result = await trial.export(batch, { signal: AbortSignal.abort(), limitMs })
      checkKept(result)
      await trial.claimsHold(batch, result)
    },
  },
  {
    name: 'settles within a second when the signal aborts while it is under way',
    async check(trial) {
      await trial.start()
      await trial.setup.stallDestination?.()
      const batch = trial.setup.batch(3, 'aborted')
      const result = await trial.export(batch, { signal: AbortSignal.timeout(underWayMs), limitMs: underWayMs + limitMs })
      checkKept(result)
      await trial.claimsHold(batch, result)
    },
  },
  {
    name: 'settles within a second when a stop has come to its deadline',
    async check(trial) {
      await trial.start()
      await trial.setup.stallDestination?.()
      const exporting = trial.export(trial.setup.batch(3, 'under way'), { signal: AbortSignal.timeout(underWayMs) })
      await Promise.all([exporting, trial.stop({ signal: AbortSignal.abort(), limitMs })])
    },
  },
]

/** Nothing is known against data that was not waited for: to reject it would lose it. */
function checkKept(result: ExportResult): void {
  assert.ok(result.status === 'ok' || result.status === 'retry' || result.status === 'partial', `export answered ${describe(result)}`)
}
