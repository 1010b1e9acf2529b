import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { Ledger } from '../core/ledger.ts'
import type { ExportResult } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { AccountedExporter } from './accounted.ts'
import { ResilientExporter } from './resilient.ts'
import { numbers } from './scripted.fixture.ts'
import { conduct, unreliable } from './unreliable.fixture.ts'

const batch = 6
const options = {
  retry: { maxRetries: 2, initialDelay: 10, maxDelay: 50 },
  circuitBreaker: { failureThreshold: 3, recoveryTimeout: 2500, halfOpenMaxCalls: 2 },
  timeout: 100,
  records: numbers,
}

/** Batches, one a second: when the caller of each goes away, if it does, and how base, fallback and dead letters behave. */
const run = fc.record({
  abortsMs: fc.array(fc.option(fc.nat(300), { freq: 4 }), { minLength: 3, maxLength: 12 }),
  base: fc.array(conduct, { minLength: 1, maxLength: 20 }),
  hangs: fc.array(fc.boolean(), { maxLength: 20 }),
  // where a fallback tells only how many it did not take, what it took is sent again: counted twice by design
  fallback: fc.array(
    conduct.map((it) => (typeof it === 'string' ? it : { ...it, identified: true })),
    { minLength: 1, maxLength: 10 },
  ),
  letters: fc.array(fc.constantFrom('ok', 'ok', 'retry', 'throw', 'reject'), { minLength: 1, maxLength: 10 }),
})

test('F14 whatever base, fallback and dead letters do, every record is somewhere or given back, and the books say where', async () => {
  const ways = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(run, async ({ abortsMs, base, hangs, fallback, letters }) => {
      const clock = new ManualClock()
      const ledger = new Ledger({ strict: true })
      const account = ledger.account('out')
      const first = unreliable('out', base)
      const other = unreliable('other', fallback)
      const dead = unreliable('letters', letters)
      const accountedOther = new AccountedExporter(other.exporter, { account: ledger.account('other'), records: numbers })
      const held = { fallback: accountedOther, deadLetter: dead.exporter }
      const resilient = new ResilientExporter(hanging(first.exporter, hangs), { ...options, ...held })
      const exporter = new AccountedExporter(resilient, { account, records: numbers })
      const back: number[] = []
      for (const [round, abortMs] of abortsMs.entries()) {
        const data = Array.from({ length: batch }, (_, index) => round * batch + index)
        const caller = new AbortController()
        const sent = exporter.export(new Date(0), data, createContext({ clock, random: () => 0.5, signal: caller.signal }))
        await clock.advance(abortMs ?? 0)
        if (abortMs !== null) caller.abort()
        await clock.advance(1000 - (abortMs ?? 0))
        const result = await sent
        ways.set(result.via ?? 'out', (ways.get(result.via ?? 'out') ?? 0) + 1)
        back.push(...backOf(data, result))

        const { delivered, diverted, deadLettered, refused } = account.figures()
        assert.ok(ledger.figures().balanced)
        assert.equal(delivered, first.took.length)
        assert.equal(diverted.other ?? 0, other.took.length)
        assert.equal(delivered + other.took.length + deadLettered + refused, (round + 1) * batch)
        const somewhere = new Set([...first.took, ...other.took, ...dead.took, ...back])
        for (const record of data) assert.ok(somewhere.has(record), `record ${record} is lost`)
      }
      assert.equal(clock.sleeping, 0)
    }),
    { numRuns: 1000 },
  )
  for (const way of ['out', 'other', 'letters']) assert.ok(ways.get(way)! > 100, 'the runs go every way')
})

/** The records that the caller still has: told as such, or rejected and not in the dead letters. */
function backOf(data: readonly number[], result: ExportResult): readonly number[] {
  if (result.status === 'ok') return []
  if (result.status !== 'partial') return result.via === 'letters' ? [] : data
  const rejected = result.via === 'letters' ? [] : result.rejected
  if (rejected.some((rejection) => 'count' in rejection)) return data
  return [...result.retry, ...rejected.flatMap((rejection) => ('index' in rejection ? [rejection.index] : []))].map((index) => data[index]!)
}

/** Takes nothing and never answers the calls for which `hangs` says so. */
function hanging(exporter: EventExporter<readonly number[]>, hangs: readonly boolean[]): EventExporter<readonly number[]> {
  let calls = 0
  return { name: exporter.name, export: (...call) => (hangs[calls++] ? new Promise(() => {}) : exporter.export(...call)) }
}
