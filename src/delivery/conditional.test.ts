import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import type { Log, LogFields } from '../core/log.ts'
import { silent } from '../core/log.ts'
import { ok, partial, reject, retry, tooLarge } from '../core/result.ts'
import type { Window } from '../core/window.ts'
import { ConditionalExporter } from './conditional.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const no = new Error('no')
const down = retry(no)
type Condition = (data: readonly number[], time: Date) => boolean

/** A conditional over branches described as a, b, c …, each with its condition and its answers. */
function setUp(branches: readonly (readonly [Condition, ...Answer[]])[]) {
  const warnings: LogFields[] = []
  const log: Log = { ...silent, warn: (_message, fields) => warnings.push(fields!) }
  const made = branches.map(([condition, ...answers], index) => ({ condition, description: 'abc'[index]!, ...scripted(...answers) }))
  const conditional = new ConditionalExporter(made, { records: numbers })
  const run = (data: readonly number[], id?: string) =>
    conditional.export(at, data, createContext({ log, ...(id && { delivery: { id, attempt: 1, firstAcceptedMs: 0 } }) }))
  return { conditional, made, run, warnings, seen: () => made.map((branch) => branch.seen) }
}

const always: Condition = () => true
const never: Condition = () => false
const thrower: Condition = ([first]) => {
  if (first! < 0) throw no
  return true
}

test('F9 003-26 every matching branch receives the data, not only the first', async () => {
  const { run, seen } = setUp([[([first]) => first! > 100], [([first]) => first! < 0], [always]])
  assert.deepEqual(await run([101]), { status: 'ok', children: { a: ok, c: ok } })
  assert.deepEqual(seen(), [[[101]], [], [[101]]])
})

test('F9 003-26 a throwing condition is no match, counted, and logged with its description once until it is fine again', async () => {
  const { conditional, run, seen, warnings } = setUp([[thrower], [always]])
  for (const first of [-1, -2, 3, -4]) assert.equal((await run([first])).status, 'ok')
  assert.deepEqual(seen(), [[[3]], [[-1], [-2], [3], [-4]]])
  const warning = { exporter: 'scripted+scripted', branch: 'a', error: no }
  assert.deepEqual(warnings, [warning, warning])
  assert.deepEqual(conditional.stats().branches, {
    a: { matched: 1, conditionErrors: 3 },
    b: { matched: 4, conditionErrors: 0 },
  })
})

test('F9 003-26 no match is ok, and counted', async () => {
  const { conditional, run } = setUp([[never]])
  assert.deepEqual(await run([1, 2]), { status: 'ok', children: {} })
  assert.equal(conditional.stats().unmatched, 2)
})

test('003-26 the result names branches by description, else by exporter, each once', async () => {
  const { exporter } = scripted()
  const branches = ['slow', 'slow', undefined].map((description) => ({
    condition: () => true,
    exporter,
    ...(description && { description }),
  }))
  const result = await new ConditionalExporter(branches).export(at, [1], createContext())
  assert.deepEqual(Object.keys(result.children!), ['slow', 'slow 2', 'scripted'])
})

test('003-26 a condition sees the time, an instant or a window', async () => {
  const window = { start: new Date(0), end: new Date(60_000) }
  const seen: unknown[] = []
  const condition = (data: string, time: Window) => seen.push(data, time) > 0
  const exporter = { name: 'a', export: async () => ok }
  await new ConditionalExporter<Window, string>([{ condition, exporter }]).export(window, 'data', createContext())
  assert.deepEqual(seen, ['data', window])
})

test('003-26 a retry goes only to the branches that failed, and the conditions are not asked again', async () => {
  for (const id of ['x', undefined]) {
    let asked = 0
    const { run, seen } = setUp([[() => asked++ === 0], [always, down, down]])
    const data = [1, 2]
    assert.deepEqual(await run(data, id), { ...retry(new Error('b: no')), children: { a: ok, b: down } })
    assert.equal((await run(data, id)).status, 'retry')
    assert.deepEqual(await run(data, id), { status: 'ok', children: { a: ok, b: ok } })
    assert.deepEqual(seen(), [[data], [data, data, data]])
    assert.equal(asked, 1)
  }
})

test('003-26 of a part that a branch has still to take only that comes back, and goes only to it', async () => {
  const { run, seen } = setUp([[always], [always, partial([{ index: 0, error: no }], [2])]])
  const { children, ...first } = await run([1, 2, 3], 'x')
  assert.deepEqual(first, partial([{ index: 0, error: no }], [2]))
  assert.equal((await run([3], 'x')).status, 'ok')
  assert.deepEqual(seen(), [[[1, 2, 3]], [[1, 2, 3], [3]]])
})

test('003-26 a rejection by one branch is told when no other is owed the record any more', async () => {
  const { run } = setUp([
    [always, reject(no)],
    [always, down],
  ])
  assert.equal((await run([1, 2], 'x')).status, 'retry')
  const { children, ...second } = await run([1, 2], 'x')
  assert.deepEqual(second, reject(new Error('a: no')))
  assert.deepEqual(children, { a: reject(no), b: ok })
})

test('too large for a branch is rejected, so that nobody above splits what other branches took', async () => {
  const { run } = setUp([[always, tooLarge(no)], [always]])
  assert.equal((await run([1, 2], 'x')).status, 'reject')
})

test('an empty batch is ok and reaches nobody', async () => {
  const { run, seen } = setUp([[always]])
  assert.deepEqual(await run([]), ok)
  assert.deepEqual(seen(), [[]])
})
