import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { ok } from '../core/result.ts'
import { ExporterRegistry } from './registry.ts'

const at = new Date(0)
const broken = () => {
  throw new Error('broken')
}

function setUp() {
  const seen: string[] = []
  const calls: string[] = []
  const registry = new ExporterRegistry<Date, number>()
  registry.register<{ fails?: boolean } | undefined>('list', (name, config): EventExporter<number> => {
    if (name === '') throw new Error('no name')
    const act = (call: string) => async () => {
      calls.push(`${call} ${name}`)
      if (config?.fails) broken()
    }
    return {
      name,
      start: act('start'),
      stop: act('stop'),
      async export(_time, data) {
        if (config?.fails) broken()
        seen.push(`${name} ${data}`)
        return ok
      },
    }
  })
  return { registry, seen, calls, context: createContext() }
}

test('002-19 a type is registered and exporters of it are created by name', () => {
  const { registry } = setUp()
  const exporter = registry.create('a', 'list')
  assert.equal(registry.get('a'), exporter)
  assert.equal(registry.get('b'), undefined)
  assert.deepEqual([registry.types(), registry.names(), registry.typeOf('a')], [['list'], ['a'], 'list'])
  assert.throws(() => registry.create('a', 'list'), { code: 'DUPLICATE_NAME' })
  assert.throws(() => registry.create('', 'list'), /no name/)
  assert.equal(registry.get(''), undefined)
})

test('002-22 an unknown type is named', () => {
  assert.throws(() => setUp().registry.create('a', 'X'), {
    message: 'Unknown exporter type: X',
    code: 'UNKNOWN_EXPORTER_TYPE',
    hint: 'known are list',
  })
})

test('002-20 starting and stopping reaches all, and what one fails at is told and stops no other', async () => {
  const { registry, calls, context } = setUp()
  for (const name of ['a', 'b', 'c']) registry.create(name, 'list', { fails: name === 'b' })
  const failures = await registry.startAll(context)
  assert.deepEqual(
    [...failures].map(([name, { message }]) => [name, message]),
    [['b', 'broken']],
  )
  await registry.stopAll(context, ['c'])
  await registry.stopAll(context)
  assert.deepEqual(calls, ['start a', 'start b', 'start c', 'stop c', 'stop a', 'stop b', 'stop c'])
})

test('002-21 data goes to all that are enabled, failures isolated and told', async () => {
  const { registry, seen, context } = setUp()
  for (const name of ['a', 'b', 'c', 'd']) registry.create(name, 'list', { fails: name === 'b' })
  assert.equal(registry.disable('c'), true)
  assert.equal(registry.disable('nope'), false)
  const results = await registry.exportToAll(at, 7, context)
  assert.deepEqual(seen, ['a 7', 'd 7'])
  assert.deepEqual(
    [...results].map(([name, { status }]) => [name, status]),
    [
      ['a', 'ok'],
      ['b', 'retry'],
      ['d', 'ok'],
    ],
  )
  registry.enable('c')
  assert.equal(registry.isEnabled('c'), true)
  await registry.exportToAll(at, 8, context)
  assert.ok(seen.includes('c 8'))
})

test('what is removed is no longer reached', async () => {
  const { registry, seen, context } = setUp()
  registry.create('a', 'list')
  assert.equal(registry.remove('a'), true)
  assert.equal(registry.remove('a'), false)
  await registry.exportToAll(at, 1, context)
  assert.deepEqual(seen, [])
})
