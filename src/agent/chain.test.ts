import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Batch, type MetricsBatch, metrics, recordsOf } from '../core/batch.ts'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { Ledger } from '../core/ledger.ts'
import type { ExporterPlugin } from '../core/plugin.ts'
import { ok } from '../core/result.ts'
import { series } from '../core/series.ts'
import { MemoryBudget } from '../delivery/memory-budget.ts'
import { Chain } from './chain.ts'
import { exporterSchema } from './config/schema.ts'

/** Sends 400 points of four series through a chain with up to four exports of 100 at once, to a destination that takes a while. */
async function sent(ordered: ExporterPlugin['ordered']) {
  const buffer = { concurrency: 4, batchSize: 100, flushInterval: '1ms' }
  const sizes: number[] = []
  const seen: MetricsBatch[] = []
  let running = 0
  let most = 0
  const destination: EventExporter<Batch> = {
    name: 'out',
    async export(_time, batch) {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      sizes.push(recordsOf(batch).length)
      seen.push(batch as MetricsBatch)
      return ok
    },
  }
  const nowhere: EventExporter<Batch> = { name: 'nowhere', export: async () => ok }
  const chain = new Chain(destination, {
    dataDir: '',
    delivery: exporterSchema.parse({ name: 'out', type: 'any', buffer }),
    account: new Ledger({ strict: true }).account('out'),
    budget: new MemoryBudget(1 << 30),
    deadLetter: nowhere,
    show: () => {},
    fallback: undefined,
    selfMetrics: undefined,
    ...(ordered && { ordered }),
  })
  const context = createContext()
  await chain.start(context)
  for (let round = 0; round < 8; round++)
    for (let n = 0; n < 40; n++)
      await chain.export(
        new Date(0),
        metrics(
          Array.from({ length: 10 }, (_, at) => ({
            series: series('x', { of: String(at % 4) }),
            timeMs: round * 1000 + n * 10 + at,
            value: 0,
          })),
        ),
        context,
      )
  await chain.flush(context)
  await chain.stop(context)
  return { most, sizes, points: seen.flatMap(({ points }) => points) }
}

test('where the points of a series are wanted in order, series go beside each other, and each in order', async () => {
  const { most, sizes, points } = await sent('per-series')
  assert.equal(points.length, 3200)
  assert.ok(most > 1 && most <= 4, `${most} at once`)
  assert.ok(Math.max(...sizes) <= 100)
  for (const of of Map.groupBy(points, ({ series }) => series.key).values())
    assert.deepEqual(
      of.map(({ timeMs }) => timeMs),
      of.map(({ timeMs }) => timeMs).toSorted((a, b) => a - b),
    )
})

test('without such a wish batches as they are go beside each other', async () => {
  const { most, points } = await sent(undefined)
  assert.equal(points.length, 3200)
  assert.ok(most > 1 && most <= 4, `${most} at once`)
})
