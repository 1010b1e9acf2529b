import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { ok } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { BufferedExporter } from './buffered.ts'
import { MultiExporter } from './multi.ts'
import { numbers } from './scripted.fixture.ts'

const at = new Date(0)
const latencyMs = 5
const records = numbers

test('of three destinations one hangs for ever: the others receive everything in their own time, and stopping keeps to the deadline', async () => {
  const clock = new ManualClock()
  const context = createContext({ clock })
  const received = new Map<string, number[]>([
    ['a', []],
    ['b', []],
  ])
  const destination = (name: string): EventExporter<readonly number[]> => ({
    name,
    async export(_time, data) {
      await clock.sleep(latencyMs)
      received.get(name)!.push(...data)
      return ok
    },
  })
  const hanging: EventExporter<readonly number[]> = { name: 'c', export: () => new Promise(() => {}) }
  const buffers = [destination('a'), destination('b'), hanging].map(
    (exporter) => new BufferedExporter<Date, readonly number[]>(exporter, { records, maxRecords: 100 }),
  )
  const multi = new MultiExporter(buffers, { records })

  const all = Array.from({ length: 500 }, (_, record) => record)
  for (const record of all) {
    assert.equal((await multi.export(at, [record], context)).status, 'ok')
    await clock.advance(latencyMs)
    assert.equal(received.get('b')!.at(-1), record)
  }
  assert.deepEqual([...received.values()], [all, all])
  assert.equal(buffers[2]!.pending(), 100, 'what waits for the one that hangs is bounded')

  const deadline = new AbortController()
  const stopped = multi.stop({ ...context, signal: deadline.signal }).then(() => clock.now())
  await clock.advance(1000)
  deadline.abort()
  const deadlineMs = clock.now()
  await clock.advance(5000)
  assert.ok((await stopped) <= deadlineMs + 1000)
})
