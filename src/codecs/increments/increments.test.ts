import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Describe, type ExportResult, ok, type Point, type PointValue, partial, retry, series } from '../../core/index.ts'
import { type Increment, Increments } from './increments.ts'

const never = new AbortController().signal
const point = (timeMs: number, value: PointValue, more: Partial<Point> = {}, describe: Describe = { kind: 'counter' }): Point => ({
  series: series('jobs', {}, describe),
  timeMs,
  value,
  ...more,
})

/** What is told of the points when the destination answers so. */
async function told(
  increments: Increments,
  points: readonly Point[],
  result: ExportResult = ok,
): Promise<readonly (Increment | undefined)[]> {
  let given: readonly (Increment | undefined)[] = []
  await increments.deliver(points, never, async (increments) => {
    given = increments
    return result
  })
  return given
}

test('gauges, deltas and what may shrink are told as they are', async () => {
  for (const describe of [{ kind: 'gauge' }, { kind: 'counter', temporality: 'delta' }, { kind: 'counter', monotonic: false }] as const) {
    const increments = new Increments(0)
    const points = [point(2, 5, { startTimeMs: 1 }, describe), point(1, 3, {}, describe), point(3, Number.NaN, { stale: true }, describe)]
    for (const _ of [1, 2]) assert.deepEqual(await told(increments, points), [{ value: 5, sinceMs: 1 }, { value: 3 }, undefined])
  }
})

test('a total is told from the second point on, and from the first where it began to count later', async () => {
  const increments = new Increments(100)
  assert.deepEqual(await told(increments, [point(110, 7)]), [undefined])
  assert.deepEqual(await told(increments, [point(120, 9)]), [{ value: 2, sinceMs: 110 }])
  assert.deepEqual(await told(new Increments(100), [point(110, 7, { startTimeMs: 99 })]), [undefined])
  assert.deepEqual(await told(new Increments(100), [point(110, 7, { startTimeMs: 100 })]), [{ value: 7, sinceMs: 100 }])
})

test('within a batch the order of times counts; what is no later than the last is told no more; the end of a series is nothing', async () => {
  const increments = new Increments(0)
  const points = [point(3, 9), point(1, 2), point(2, 5), point(4, Number.NaN, { stale: true })]
  assert.deepEqual(await told(increments, points), [{ value: 4, sinceMs: 2 }, undefined, { value: 3, sinceMs: 1 }, undefined])
  assert.deepEqual(await told(increments, points), [undefined, undefined, undefined, undefined])
  assert.deepEqual(await told(increments, [point(5, 10)]), [{ value: 1, sinceMs: 3 }])
})

test('counting that began anew is told from nothing: it is less, or says so', async () => {
  const increments = new Increments(0)
  await told(increments, [point(10, 9)])
  assert.deepEqual(await told(increments, [point(20, 4)]), [{ value: 4, sinceMs: 10 }])
  await told(increments, [point(30, 8, { startTimeMs: 15 })])
  assert.deepEqual(await told(increments, [point(40, 9, { startTimeMs: 35 })]), [{ value: 9, sinceMs: 35 }])
})

test('what was not delivered is told again, or is part of the next', async () => {
  const increments = new Increments(0)
  await told(increments, [point(1, 1)])
  for (const _ of [1, 2]) assert.deepEqual(await told(increments, [point(2, 4)], retry(new Error('later'))), [{ value: 3, sinceMs: 1 }])
  assert.deepEqual(await told(increments, [point(3, 6)]), [{ value: 5, sinceMs: 1 }])
  await told(increments, [point(4, 7), point(5, 9)], partial([{ index: 0, error: new Error('no') }], [1]))
  assert.deepEqual(await told(increments, [point(6, 10)]), [{ value: 4, sinceMs: 3 }])
})

test('one call waits for the other, and no longer than the signal allows', async () => {
  const increments = new Increments(0)
  await told(increments, [point(1, 1)])
  const { promise, resolve } = Promise.withResolvers<ExportResult>()
  const first = increments.deliver([point(2, 4)], never, () => promise)
  const second = told(increments, [point(3, 6)])
  const impatient = new AbortController()
  const third = increments.deliver([point(4, 7)], impatient.signal, async () => retry(new Error('aborted')))
  impatient.abort()
  assert.equal((await third).status, 'retry')
  resolve(ok)
  assert.deepEqual([(await first).status, await second], ['ok', [{ value: 2, sinceMs: 2 }]])
})

test('increments of a total that only grows add up to it, whatever is delivered when', async () => {
  const steps = fc.array(fc.record({ more: fc.nat(1000), delivered: fc.boolean() }), { minLength: 1, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const increments = new Increments(0)
      let [total, sum] = [0, 0]
      for (const [at, { more, delivered }] of [...given, { more: 0, delivered: true }].entries()) {
        total += more
        const [increment] = await told(increments, [point(at + 1, total, { startTimeMs: 0 })], delivered ? ok : retry(new Error('later')))
        if (delivered) sum += increment!.value as number
      }
      assert.equal(sum, total)
    }),
  )
})
