import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Batch, metrics } from '../core/batch.ts'
import { type Context, createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { Ledger } from '../core/ledger.ts'
import { silent } from '../core/log.ts'
import { type ExportResult, ok, retry } from '../core/result.ts'
import { series } from '../core/series.ts'
import type { Processor } from '../core/source.ts'
import { Pipeline, type PipelineOptions } from './pipeline.ts'

const batch = metrics([1, 2, 3].map((value) => ({ series: series('m'), timeMs: 0, value })))

function setUp(options: Partial<PipelineOptions>, answer: ExportResult = ok) {
  const account = new Ledger({ strict: true }).pipeline('p')
  const seen: Batch[] = []
  const to: EventExporter<Batch> = {
    name: 'out',
    async export(_time, batch) {
      seen.push(batch)
      return answer
    },
  }
  const pipeline = new Pipeline({ name: 'p', account, steps: [], to, signals: undefined, ...options })
  const run = (given: Partial<Context> = {}) => pipeline.export(new Date(0), batch, createContext(given))
  return { run, account, seen }
}

const keep = (name: string, count: number): Processor => ({
  name,
  process: (batch) => (count === 0 ? undefined : metrics((batch as typeof batch & { points: [] }).points.slice(0, count))),
})
const step = (processor: Processor) => ({ processor, signals: ['metrics'] as const })

test('what processors take out is counted as filtered, by their names', async () => {
  const { run, account, seen } = setUp({ steps: [step(keep('two', 2)), step(keep('one', 1))] })
  assert.deepEqual(await run(), ok)
  assert.deepEqual(seen, [metrics(batch.points.slice(0, 1))])
  const { received, handedOn, filtered } = account.figures()
  assert.deepEqual({ received, handedOn, filtered }, { received: 3, handedOn: 1, filtered: { two: 1, one: 1 } })
})

test('nothing left is ok and reaches nobody', async () => {
  const { run, account, seen } = setUp({ steps: [step(keep('none', 0))] })
  assert.deepEqual(await run(), ok)
  assert.equal(seen.length, 0)
  assert.deepEqual(account.figures().filtered, { none: 3 })
})

test('another signal is unmatched, and passes processors that do not take it', async () => {
  const unmatched = setUp({ signals: ['logs'] })
  assert.deepEqual(await unmatched.run(), ok)
  assert.equal(unmatched.account.figures().unmatched, 3)
  const passing = setUp({ steps: [{ processor: keep('none', 0), signals: ['logs'] }] })
  await passing.run()
  assert.equal(passing.account.figures().handedOn, 3)
})

test('what the exporters refuse is refused as a whole, and so is what a processor fails on', async () => {
  const down = retry(new Error('down'))
  const refused = setUp({ steps: [step(keep('two', 2))] }, down)
  assert.deepEqual(await refused.run(), down)
  assert.equal(refused.account.figures().refused, 3)
  const broken: Processor = {
    name: 'broken',
    process: () => {
      throw new Error('broken')
    },
  }
  const failed = setUp({ steps: [step(broken)] })
  assert.equal((await failed.run()).status, 'reject')
  assert.equal(failed.account.figures().refused, 3)
})

test('F9 a batch for which the condition does not hold is unmatched, and so is one for which it throws, which is told once', async () => {
  const never = setUp({ when: () => false })
  assert.deepEqual(await never.run(), ok)
  assert.equal(never.account.figures().unmatched, 3)
  const warnings: string[] = []
  const log = { ...silent, warn: (message: string) => void warnings.push(message) }
  const throwing = setUp({
    when: () => {
      throw new Error('no such metric')
    },
  })
  for (let i = 0; i < 3; i++) await throwing.run({ log })
  assert.equal(throwing.account.figures().unmatched, 9)
  assert.equal(warnings.length, 1)
})
