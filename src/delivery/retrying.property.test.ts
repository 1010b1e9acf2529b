import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Clock } from '../core/clock.ts'
import { createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import { type ExportResult, rejectedCount } from '../core/result.ts'
import { atMost, exponential } from '../core/schedule.ts'
import { AccountedExporter } from './accounted.ts'
import { RetryingExporter } from './retrying.ts'
import { numbers } from './scripted.fixture.ts'
import { conduct, unreliable } from './unreliable.fixture.ts'

const maxDelayMs = 5000

/** A destination, its waits, and when the caller goes away or a stop begins: during which call or wait, if at all. */
const run = fc.record({
  count: fc.integer({ min: 1, max: 12 }),
  conducts: fc.array(conduct, { minLength: 1, maxLength: 8 }),
  maxRetries: fc.nat(5),
  afterMs: fc.constantFrom(undefined, 0, 100, 20_000),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  end: fc.option(
    fc.record({ how: fc.constantFrom('signal', 'hurry'), during: fc.constantFrom('call', 'wait'), nth: fc.integer({ min: 1, max: 4 }) }),
  ),
})

test('F14 003-40 whatever a destination does, each record has one fate, tries and waits keep their bounds, and the books balance', async () => {
  let ended = 0
  await fc.assert(
    fc.asyncProperty(run, async ({ count, conducts, maxRetries, afterMs, random, end }) => {
      const data = Array.from({ length: count }, (_, index) => index)
      const ending = new AbortController()
      /** Told here, since what is thrown in a call becomes a result. */
      const faults: string[] = []
      let calls = 0
      let waits = 0
      const clock: Clock = {
        now: () => 0,
        monotonic: () => 0,
        async sleep(ms) {
          if (ms > Math.max(maxDelayMs, afterMs ?? 0)) faults.push(`waited ${ms} ms`)
          if (end?.during === 'wait' && end.nth === ++waits) ending.abort()
        },
      }
      const destination = unreliable('out', conducts)
      const asking = {
        name: 'out',
        async export(...call: Parameters<typeof destination.exporter.export>): Promise<ExportResult> {
          if (ending.signal.aborted) faults.push('tried after the end')
          if (end?.during === 'call' && end.nth === ++calls) ending.abort()
          const result = await destination.exporter.export(...call)
          return result.status === 'retry' && afterMs !== undefined ? { ...result, afterMs } : result
        },
      }
      const schedule = atMost(maxRetries, exponential(1000, maxDelayMs))
      const ledger = new Ledger({ strict: true })
      const account = ledger.account('out')
      const accounted = new AccountedExporter(new RetryingExporter(asking, { schedule, records: numbers }), { account, records: numbers })
      const context = createContext({ clock, random: () => random, ...(end && { [end.how]: ending.signal }) })

      for (let round = 0; round < 3 && !ending.signal.aborted; round++) {
        const tookBefore = destination.took.length
        const callsBefore = destination.calls()
        const result = await accounted.export(new Date(0), data, context)
        const took = destination.took.slice(tookBefore)
        assert.deepEqual(faults, [])
        assert.ok(destination.calls() - callsBefore <= maxRetries + 1)
        assert.equal(new Set(took).size, took.length, 'nothing is taken twice')
        assert.equal(took.length + givenBack(result, count), count)
        for (const index of named(result)) assert.ok(!took.includes(index), 'what was taken is not given back')
        const { delivered, refused, balanced } = account.figures()
        assert.deepEqual(
          { delivered, refused, balanced },
          { delivered: destination.took.length, refused: (round + 1) * count - delivered, balanced: true },
        )
      }
      if (ending.signal.aborted) ended++
    }),
    { numRuns: 2000 },
  )
  assert.ok(ended > 100, 'the runs come far enough to mean something')
})

function givenBack(result: ExportResult, count: number): number {
  if (result.status === 'partial') return rejectedCount(result.rejected) + result.retry.length
  return result.status === 'ok' ? 0 : count
}

/** The indexes that a partial result names. */
function named(result: ExportResult): readonly number[] {
  if (result.status !== 'partial') return []
  return [...result.rejected.flatMap((rejection) => ('index' in rejection ? [rejection.index] : [])), ...result.retry]
}
