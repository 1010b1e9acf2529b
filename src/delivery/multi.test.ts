import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { ok, reject, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { multiOf } from './multi.fixture.ts'
import { MultiExporter } from './multi.ts'
import { type Answer, numbers } from './scripted.fixture.ts'

const at = new Date(0)
const down = retry(new Error('down'))
const never: Answer = () => new Promise(() => {})

/** Answers `ok` after `ms`, and knows the most that were under way at once. */
function slow(clock: ManualClock) {
  let underWay = 0
  const seen = { most: 0 }
  const exporter = (name: string, ms: number): EventExporter<readonly number[]> => ({
    name,
    async export() {
      seen.most = Math.max(seen.most, ++underWay)
      await clock.sleep(ms)
      underWay--
      return ok
    },
  })
  return { seen, exporter }
}

test('F8 003-24 parallel: all are asked at once', async () => {
  const { calls, clock, run } = multiOf([[never], [never], []], { exportTimeout: '1s' })
  const result = run()
  assert.deepEqual(calls, ['a', 'b', 'c'])
  await clock.advance(1000)
  assert.equal((await result).status, 'ok')
})

test('F8 003-25 parallel: never more than maxConcurrentExports in flight, over all calls', async () => {
  const clock = new ManualClock()
  const { seen, exporter } = slow(clock)
  const exporters = [5, 1, 4, 2, 3, 1].map((ms, index) => exporter(`${index}`, ms))
  const multi = new MultiExporter(exporters, { minSuccessCount: 6 })
  const results = Promise.all([1, 2].map(() => multi.export(at, [1], createContext({ clock }))))
  await clock.advance(100)
  assert.deepEqual(
    (await results).map(({ status }) => status),
    ['ok', 'ok'],
  )
  assert.equal(seen.most, 3)
})

test('F8 003-24 sequential: in order, one at a time', async () => {
  const clock = new ManualClock()
  const { seen, exporter } = slow(clock)
  const multi = new MultiExporter([exporter('a', 3), exporter('b', 1), exporter('c', 2)], { strategy: 'sequential' })
  const result = multi.export(at, [1], createContext({ clock }))
  await clock.advance(6)
  assert.deepEqual(Object.keys((await result).children!), ['a', 'b', 'c'])
  assert.equal(seen.most, 1)
})

test('F8 003-24 failover: stops at the first success, and says who took it', async () => {
  const { calls, run } = multiOf([[down], [reject(new Error('not mine'))], [], []], { strategy: 'failover' })
  const result = await run()
  assert.deepEqual(calls, ['a', 'b', 'c'])
  assert.deepEqual([result.status, result.via, Object.keys(result.children!)], ['ok', 'c', ['a', 'b', 'c']])
})

test('F8 003-24 failover: begins with the first again the next time', async () => {
  const { calls, run } = multiOf([[down], [down]], { strategy: 'failover' })
  assert.equal((await run()).status, 'retry')
  assert.deepEqual(await run(), { status: 'ok', children: { a: ok, b: down } })
  assert.deepEqual(calls, ['a', 'b', 'a'])
})

test('F8 003-25 success if and only if at least minSuccessCount children took it', async () => {
  for (const strategy of ['parallel', 'sequential', 'failover'] as const) {
    for (const [minSuccessCount, status] of [
      [1, 'ok'],
      [2, 'ok'],
      [3, 'retry'],
    ] as const) {
      const { run } = multiOf([[], [down], []], { strategy, minSuccessCount })
      assert.equal((await run()).status, status, `${strategy} ${minSuccessCount}`)
    }
  }
})

test('F8 003-25 a child that does not answer in time has failed, is aborted, and does not delay the result', async () => {
  const { clock, children, run } = multiOf([[], [never]], { exportTimeout: '30s' })
  let doneMs = 0
  const result = run().finally(() => (doneMs = clock.now()))
  await clock.advance(60_000)
  assert.equal(doneMs, 30_000)
  assert.deepEqual(await result, { status: 'ok', children: { a: ok, b: retry(new Error('b did not answer within 30s')) } })
  assert.equal(children[1]!.contexts[0]!.signal.aborted, true)
  assert.equal(clock.sleeping, 0)
})

test('F8 the result names each child, though it throws and though two have one name', async () => {
  const broken: EventExporter<number> = {
    name: 'a',
    export: () => {
      throw new Error('broken')
    },
  }
  const fine: EventExporter<number> = { name: 'a', export: async () => ok }
  const result = await new MultiExporter([broken, fine]).export(at, 1, createContext())
  assert.deepEqual(result, { status: 'ok', children: { a: retry(new Error('broken')), 'a 2': ok } })
})

test('F8 003-25 continue: later children still run after a failure', async () => {
  for (const strategy of ['parallel', 'sequential'] as const) {
    const { calls, run } = multiOf([[down], [reject(new Error('no'))], []], { strategy })
    assert.equal((await run()).status, 'ok')
    assert.deepEqual(calls, ['a', 'b', 'c'])
  }
})

test('an empty batch is ok and reaches nobody', async () => {
  const never: EventExporter<readonly number[]> = { name: 'a', export: () => assert.fail() }
  assert.deepEqual(await new MultiExporter([never], { records: numbers }).export(at, [], createContext()), ok)
})

test('F8 003-25 options that cannot be are refused at construction', () => {
  for (const [count, options] of [
    [2, { minSuccessCount: 3 }],
    [2, { minSuccessCount: 0 }],
    [0, {}],
    [2, { maxConcurrentExports: 0 }],
    [2, { strategy: 'failover', failurePolicy: 'fail_fast' }],
  ] as const) {
    const construct = () => multiOf(Array(count).fill([]), options)
    assert.throws(construct, { name: 'WaybillError', code: 'INVALID_OPTION' }, JSON.stringify(options))
  }
})
