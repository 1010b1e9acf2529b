import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { ok, reject, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { MultiExporter, type MultiOptions } from './multi.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const down = retry(new Error('down'))
const never: Answer = () => new Promise(() => {})

/** A multi over children named a, b, c …, each with its answers. */
function setUp(answers: readonly (readonly Answer[])[], options: MultiOptions<readonly number[]> = {}) {
  const clock = new ManualClock()
  const children = answers.map((script, index) => ({ ...scripted(...script), name: 'abcdef'[index]! }))
  const calls: string[] = []
  const exporters = children.map(
    ({ exporter, name }): EventExporter<readonly number[]> => ({
      name,
      export(time, data, context) {
        calls.push(name)
        return exporter.export(time, data, context)
      },
    }),
  )
  const multi = new MultiExporter(exporters, { records: numbers, ...options })
  const data = [1, 2]
  return { clock, calls, children, run: () => multi.export(at, data, createContext({ clock })) }
}

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
  const { calls, clock, run } = setUp([[never], [never], []], { exportTimeout: '1s' })
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
  const { calls, run } = setUp([[down], [reject(new Error('not mine'))], [], []], { strategy: 'failover' })
  const result = await run()
  assert.deepEqual(calls, ['a', 'b', 'c'])
  assert.deepEqual([result.status, result.via, Object.keys(result.children!)], ['ok', 'c', ['a', 'b', 'c']])
})

test('F8 003-24 failover: begins with the first again the next time', async () => {
  const { calls, run } = setUp([[down], [down]], { strategy: 'failover' })
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
      const { run } = setUp([[], [down], []], { strategy, minSuccessCount })
      assert.equal((await run()).status, status, `${strategy} ${minSuccessCount}`)
    }
  }
})

test('F8 003-25 a child that does not answer in time has failed, is aborted, and does not delay the result', async () => {
  const { clock, children, run } = setUp([[], [never]], { exportTimeout: '30s' })
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
    const { calls, run } = setUp([[down], [reject(new Error('no'))], []], { strategy })
    assert.equal((await run()).status, 'ok')
    assert.deepEqual(calls, ['a', 'b', 'c'])
  }
})

test('003-25 fail_fast, sequential: the first failure ends it', async () => {
  const { calls, run } = setUp([[], [down], []], { strategy: 'sequential', failurePolicy: 'fail_fast', minSuccessCount: 3 })
  const result = await run()
  assert.deepEqual(result, { ...retry(new Error('b: down')), children: { a: ok, b: down } })
  assert.deepEqual(calls, ['a', 'b'])
  assert.deepEqual(Object.keys((await run()).children!), ['a', 'b', 'c'])
  assert.deepEqual(calls, ['a', 'b', 'b', 'c'])
})

test('003-25 fail_fast, parallel: the first failure aborts the others and does not wait for them', async () => {
  const { clock, children, calls, run } = setUp([[], [() => clock.sleep(5).then(() => down)], [never], []], {
    failurePolicy: 'fail_fast',
    minSuccessCount: 2,
  })
  const result = run()
  await clock.advance(5)
  assert.equal((await result).status, 'ok')
  assert.equal(children[2]!.contexts[0]!.signal.aborted, true)
  assert.deepEqual(calls, ['a', 'b', 'c', 'd'])
})

test('003-25 fail_fast: what a child took late, after it was aborted, is not sent to it again', async () => {
  const { clock, calls, run } = setUp([[() => clock.sleep(2).then(() => ok)], [down]], { failurePolicy: 'fail_fast', minSuccessCount: 2 })
  assert.equal((await run()).status, 'retry')
  await clock.advance(2)
  assert.equal((await run()).status, 'ok')
  assert.deepEqual(calls, ['a', 'b', 'b'])
})

test('F8 003-25 options that cannot be are refused at construction', () => {
  for (const [count, options] of [
    [2, { minSuccessCount: 3 }],
    [2, { minSuccessCount: 0 }],
    [0, {}],
    [2, { maxConcurrentExports: 0 }],
    [2, { strategy: 'failover', failurePolicy: 'fail_fast' }],
  ] as const) {
    const construct = () => setUp(Array(count).fill([]), options)
    assert.throws(construct, { name: 'WaybillError', code: 'INVALID_OPTION' }, JSON.stringify(options))
  }
})
