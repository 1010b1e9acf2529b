import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import type { DiagnosticRunner } from './diagnostic.ts'
import { DiagnosticService } from './service.ts'

const noon = Date.UTC(2026, 0, 5, 12)

function setUp() {
  const clock = new ManualClock(noon)
  const service = new DiagnosticService()
  const add = (name: string, runner: DiagnosticRunner, category = 'test') => service.register(name, `Tests ${name}.`, category, runner)
  return { clock, service, add, context: createContext({ clock }) }
}

test('000-30 register, total, diagnostics, unregister', () => {
  const { service, add } = setUp()
  assert.equal(service.total(), 0)
  add('a', () => undefined)
  add('a', () => undefined, 'other')
  assert.throws(() => add('a', () => undefined), {
    code: 'DUPLICATE_NAME',
    message: 'there is a diagnostic a in the category test already',
  })
  assert.equal(service.total(), 2)
  assert.deepEqual(service.diagnostics(), [
    { name: 'a', description: 'Tests a.', category: 'test' },
    { name: 'a', description: 'Tests a.', category: 'other' },
  ])
  assert.equal(service.unregister('a', 'test'), true)
  assert.equal(service.unregister('a', 'test'), false)
  assert.equal(service.total(), 1)
})

test('000-32 a result has an id, what it is of, a time, and what was found', async () => {
  const { service, add, context } = setUp()
  add('found', async () => ({ result: 'heads', since: new Date(noon) }))
  add('nothing', () => undefined)
  add('empty', () => ({}))
  const [found, ...others] = await service.run(context)
  assert.match(found!.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(Number.parseInt(found!.id.replace('-', '').slice(0, 12), 16), noon)
  assert.deepEqual(
    { ...found, id: '' },
    {
      id: '',
      name: 'found',
      description: 'Tests found.',
      category: 'test',
      timestamp: '2026-01-05T12:00:00.000Z',
      details: { result: 'heads', since: '2026-01-05T12:00:00.000Z' },
    },
  )
  assert.ok(others.every((result) => !('details' in result) && !('error' in result)))
  assert.equal(new Set([found, ...others].map((result) => result!.id)).size, 3)
})

test('what throws, in whatever way, or cannot be written as JSON is a result with its error and no details', async () => {
  const { service, add, context } = setUp()
  add('throws', () => {
    throw new Error('broken')
  })
  add('rejects', () => Promise.reject('text'))
  add('says nothing', () => Promise.reject(new Error()))
  add('bigint', () => ({ size: 1n }))
  add('works', () => ({ fine: true }))
  const results = await service.run(context)
  assert.deepEqual(
    results.map(({ name, error, details }) => [name, error?.split('\n')[0], details]),
    [
      ['throws', 'broken', undefined],
      ['rejects', 'text', undefined],
      ['says nothing', 'it failed without saying why', undefined],
      ['bigint', 'Do not know how to serialize a BigInt', undefined],
      ['works', undefined, { fine: true }],
    ],
  )
})

test('five run at a time; one that hangs is aborted after five seconds and not waited for', async () => {
  const { clock, service, add, context } = setUp()
  const began: [name: string, atMs: number][] = []
  let aborted = 0
  for (let n = 0; n < 12; n++)
    add(`hangs ${n}`, ({ signal }) => {
      began.push([`hangs ${n}`, clock.now() - noon])
      signal.addEventListener('abort', () => aborted++)
      return new Promise(() => {})
    })
  const running = service.run(context)
  await clock.advance(4999)
  assert.equal(began.length, 5)
  await clock.advance(1)
  assert.equal(began.length, 10)
  assert.equal(aborted, 5)
  await clock.advance(10_000)
  const results = await running
  assert.deepEqual(
    results.map(({ name, error }) => [name, error]),
    Array.from({ length: 12 }, (_, n) => [`hangs ${n}`, 'it did not answer within 5s']),
  )
  assert.equal(clock.sleeping, 0)
})

test('a runner that is done leaves no timer behind, and its signal does not abort later', async () => {
  const { clock, service, add, context } = setUp()
  const signals: AbortSignal[] = []
  add('quick', ({ signal }) => void signals.push(signal))
  await service.run(context)
  await clock.advance(10_000)
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [false],
  )
  assert.equal(clock.sleeping, 0)
})

test('a run that is given up gives a result for each all the same', async () => {
  const { service, add, context } = setUp()
  const end = new AbortController()
  for (let n = 0; n < 7; n++) add(`hangs ${n}`, () => new Promise(() => {}))
  const running = service.run({ ...context, signal: end.signal })
  end.abort(new Error('stopped'))
  assert.deepEqual(
    (await running).map(({ error }) => error),
    Array.from({ length: 7 }, () => 'stopped'),
  )
})

test('a category or a single diagnostic can be run', async () => {
  const { service, add, context } = setUp()
  add('a', () => ({ of: 'test' }))
  add('a', () => ({ of: 'other' }), 'other')
  assert.deepEqual(
    (await service.runCategory('other', context)).map(({ details }) => details),
    [{ of: 'other' }],
  )
  assert.deepEqual(await service.runCategory('unknown', context), [])
  assert.deepEqual((await service.runDiagnostic('test', 'a', context))?.details, { of: 'test' })
  assert.equal(await service.runDiagnostic('a', 'test', context), undefined)
})
