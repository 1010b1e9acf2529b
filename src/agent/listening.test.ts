import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { ok } from '../core/result.ts'
import type { Emit } from '../core/source.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { ListeningReceiver } from './listening.ts'

test('a receiver that cannot listen is unhealthy with its reason, tried again, and hands on once it listens', async () => {
  const clock = new ManualClock()
  const context = createContext({ clock, random: () => 0.5 })
  let failures = 2
  let handOn: Emit | undefined
  const stopped: string[] = []
  const receiver = new ListeningReceiver({
    name: 'app',
    async listen(emit) {
      if (failures-- > 0) throw new Error('port in use')
      handOn = emit
    },
    stop: async () => void stopped.push('app'),
  })
  await receiver.listen(async () => ok, context)
  assert.deepEqual(receiver.health(), { state: 'unhealthy', reason: 'port in use' })
  await clock.advance(5000)
  assert.deepEqual(receiver.health(), { state: 'healthy' })
  assert.deepEqual(await handOn?.({ signal: 'metrics', points: [] }), ok)
  await receiver.stop(context)
  assert.deepEqual([receiver.health().state, stopped], ['stopped', ['app']])
})
