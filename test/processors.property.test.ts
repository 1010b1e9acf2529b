import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { recordCondition } from '../src/expressions/record-condition.ts'
import { FilterProcessor } from '../src/processors/filter/filter.ts'
import { LabelsProcessor } from '../src/processors/labels/labels.ts'
import { LimitCardinalityProcessor } from '../src/processors/limit_cardinality/limit_cardinality.ts'
import { SampleProcessor } from '../src/processors/sample/sample.ts'
import { type Batch, createContext, type Processor, recordsOf } from '../src/sdk.ts'
import { someBatch, someLabels } from './batches.fixture.ts'

const condition = fc
  .constantFrom('value > 0.0', 'labels.host == "a"', 'name.startsWith("c") || severity == "critical"', 'row.cost > 1.0')
  .map(recordCondition)
const names = fc.array(fc.constantFrom('cpu.*', '*', 'up', 'none'))
const filter = fc
  .record({ keep: condition, drop: condition, includeMetrics: names, excludeMetrics: names }, { requiredKeys: [] })
  .map((options) => new FilterProcessor(options))
const sample = fc.double({ min: 0, max: 1, noNaN: true }).map((rate) => new SampleProcessor({ rate }))
const limit = fc.integer({ min: 1, max: 5 }).map((maxSeries) => new LimitCardinalityProcessor({ maxSeries }))
const some = fc.array(fc.constantFrom('a*', 'user', 'none'))
const labels = fc.record({ rename: someLabels, drop: some, hash: some, set: someLabels }).map((options) => new LabelsProcessor(options))

/** What the processor makes of a batch, after asserting that the batch given is as it was. */
async function process(processor: Processor, batch: Batch): Promise<Batch> {
  const before = structuredClone(batch)
  const after = await processor.process(batch, createContext())
  assert.deepEqual(structuredClone(batch), before)
  assert.equal(after?.signal, batch.signal)
  return after!
}

test('filter, sample and limit_cardinality give some of the records themselves, in their order, and change none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(filter, sample, limit), fc.array(someBatch, { maxLength: 4 }), async (processor, batches) => {
      for (const batch of batches) {
        const left = recordsOf(await process(processor, batch))
        const chosen = recordsOf(batch).filter((record) => (left as readonly unknown[]).includes(record))
        assert.equal(left.length, chosen.length)
        for (const [index, record] of left.entries()) assert.equal(record, chosen[index])
      }
    }),
  )
})

test('labels gives every record, in its order, and changes nothing but its labels', async () => {
  const blank = { labels: {}, attributes: {}, key: '', slot: 0 }
  const rest = (batch: Batch) =>
    recordsOf(batch).map((record) => ('series' in record ? { ...record, series: { ...record.series, ...blank } } : { ...record, ...blank }))
  await fc.assert(
    fc.asyncProperty(labels, someBatch, async (processor, batch) => {
      assert.deepEqual(rest(await process(processor, batch)), rest(batch))
    }),
  )
})

test('batches of signals that a processor does not take are handed on as they are', async () => {
  await fc.assert(
    fc.asyncProperty(someBatch, labels, limit, async (batch, labels, limit) => {
      if (batch.signal !== 'metrics') assert.equal(await process(limit, batch), batch)
      if (batch.signal === 'rows') assert.equal(await process(labels, batch), batch)
    }),
  )
})
