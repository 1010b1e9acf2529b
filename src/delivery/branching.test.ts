import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HealthStatus } from '../core/component.ts'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { ok } from '../core/result.ts'
import { ConditionalExporter } from './conditional.ts'
import { MultiExporter } from './multi.ts'

const context = createContext()
const named = (name: string, more: Partial<EventExporter<number>> = {}): EventExporter<number> => ({
  name,
  export: async () => ok,
  ...more,
})
const withHealth = (name: string, state: 'healthy' | 'degraded' | 'unhealthy') =>
  named(name, { health: () => (state === 'healthy' ? { state } : { state, reason: 'x' }) })

test('those held are started, flushed and stopped, each once though it stands in several branches', async () => {
  const calls: string[] = []
  const act = (name: string) => async () => void calls.push(name)
  const held = named('held', { start: act('start'), flush: act('flush'), stop: act('stop') })
  const branch = { condition: () => true, exporter: held }
  const conditional = new ConditionalExporter([branch, branch])
  await conditional.start(context)
  await conditional.flush(context)
  await conditional.stop(context)
  assert.deepEqual(calls, ['start', 'flush', 'stop'])
})

test('one that cannot stop does not keep the others from it, and is told', async () => {
  const stopped: string[] = []
  const failing = (name: string) => named(name, { stop: () => Promise.reject(new Error(`${name} hangs`)) })
  const fine = named('fine', { stop: async () => void stopped.push('fine') })
  await assert.rejects(new MultiExporter([failing('a'), fine]).stop(context), { message: 'a hangs' })
  await assert.rejects(new MultiExporter([failing('a'), failing('b'), fine]).stop(context), { message: 'a hangs; b hangs' })
  assert.deepEqual(stopped, ['fine', 'fine'])
})

test('its health is that of those it holds', () => {
  const healthOf = (...states: ('healthy' | 'degraded' | 'unhealthy')[]): HealthStatus =>
    new MultiExporter(states.map((state, index) => withHealth('abc'[index]!, state))).health()
  assert.deepEqual(healthOf('healthy', 'healthy'), { state: 'healthy' })
  assert.deepEqual(healthOf('healthy', 'unhealthy'), { state: 'degraded', reason: 'b is not healthy' })
  assert.deepEqual(healthOf('unhealthy', 'unhealthy'), { state: 'unhealthy', reason: 'a and b are not healthy' })
  assert.deepEqual(healthOf('unhealthy', 'degraded'), { state: 'degraded', reason: 'a and b are not healthy' })
})
