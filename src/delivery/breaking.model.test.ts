import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Clock } from '../core/clock.ts'
import { createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import type { ExportResult } from '../core/result.ts'
import { AccountedExporter } from './accounted.ts'
import { BreakingExporter } from './breaking.ts'
import { numbers, scripted } from './scripted.fixture.ts'
import { type Conduct, conduct, conductOf } from './unreliable.fixture.ts'

const options = { failureThreshold: 2, recoveryTimeout: 1000, halfOpenMaxCalls: 2 }
const data = [1, 2, 3]

/** The breaker in a few lines: in which period a call began tells whether it counts. */
class Model {
  name: 'closed' | 'open' | 'half-open' = 'closed'
  period = 0
  #failures = 0
  #underWay = 0
  #passed = 0
  #openedMs = 0

  at(nowMs: number): void {
    if (this.name === 'open' && nowMs >= this.#openedMs + options.recoveryTimeout) this.#enter('half-open')
  }

  /** Whether a call is let through. */
  begin(): boolean {
    if (this.name === 'half-open' && this.#underWay + this.#passed < options.halfOpenMaxCalls) this.#underWay++
    else if (this.name !== 'closed') return false
    return true
  }

  end(period: number, how: 'failed' | 'succeeded' | 'aborted', nowMs: number): void {
    if (period !== this.period) return
    this.#underWay--
    if (how === 'failed' && (++this.#failures === options.failureThreshold || this.name === 'half-open')) this.#enter('open', nowMs)
    else if (how === 'succeeded') {
      this.#failures = 0
      this.#passed++
      if (this.name === 'half-open' && this.#passed === options.halfOpenMaxCalls) this.#enter('closed')
    }
  }

  #enter(name: Model['name'], nowMs = 0): void {
    Object.assign(this, { name, period: this.period + 1 })
    this.#failures = this.#underWay = this.#passed = 0
    this.#openedMs = nowMs
  }
}

type Step =
  | { readonly do: 'begin' }
  | { readonly do: 'end'; readonly which: number; readonly conduct: Conduct }
  | { readonly do: 'abort'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('begin' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(5), conduct }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 999, 1000) }) },
)

test('F14 003-39 whatever calls come to and when, the breaker is in the state of its model and the books balance', async () => {
  const seen = { closed: 0, open: 0, 'half-open': 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), async (steps) => {
      let nowMs = 0
      const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, sleep: () => assert.fail('a breaker does not sleep') }
      const model = new Model()
      const ledger = new Ledger({ strict: true })
      const account = ledger.account('out')
      const destination = scripted()
      const breaker = new BreakingExporter(destination.exporter, { ...options, records: numbers })
      const accounted = new AccountedExporter(breaker, { account, records: numbers })
      const underWay: { period: number; answer: (result: ExportResult) => void; caller: AbortController; sent: Promise<unknown> }[] = []
      let delivered = 0
      for (const it of steps) {
        model.at(nowMs)
        if (it.do === 'wait') nowMs += it.ms
        else if (it.do === 'begin') {
          const { promise, resolve } = Promise.withResolvers<ExportResult>()
          destination.answers.splice(0, 1, () => promise)
          const caller = new AbortController()
          const called = destination.seen.length
          const sent = accounted.export(new Date(0), data, createContext({ clock, signal: caller.signal }))
          const through = model.begin()
          assert.equal(destination.seen.length - called, through ? 1 : 0)
          if (through) underWay.push({ period: model.period, answer: resolve, caller, sent })
          else await sent
        } else if (it.which < underWay.length) {
          const call = underWay[it.which]!
          if (it.do === 'abort') call.caller.abort()
          else {
            underWay.splice(it.which, 1)
            const { taken, answer, failed } = outcomeOf(it.conduct)
            delivered += taken
            call.answer(answer)
            await call.sent
            model.end(call.period, call.caller.signal.aborted ? 'aborted' : failed ? 'failed' : 'succeeded', nowMs)
          }
        }
        model.at(nowMs)
        assert.equal(breaker.state, model.name)
        assert.ok(ledger.figures().balanced)
        assert.equal(account.figures().delivered, delivered)
        if (model.period > 2) seen[model.name]++
      }
    }),
    { numRuns: 2000 },
  )
  assert.ok(
    Object.values(seen).every((steps) => steps > 1000),
    'the runs get around',
  )
})

function outcomeOf(it: Conduct) {
  const { taken, result } = conductOf(it, data)
  const answer = it === 'throw' ? (Promise.reject(new Error('thrown')) as never) : result()
  const later =
    typeof it === 'string' ? it === 'retry' || it === 'throw' : data.some((_, index) => it.fates[index % it.fates.length] === 'later')
  return { taken: taken.length, answer, failed: taken.length === 0 && later }
}
