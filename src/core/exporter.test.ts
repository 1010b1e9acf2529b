import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from './context.ts'
import type { ComputeExporter, EventExporter, Exporter } from './exporter.ts'
import { ok } from './result.ts'
import { alignWindow } from './window.ts'

test('000-01 an exporter of any T is a name and export(time, data), of an instant or of a window', async () => {
  const received: unknown[] = []
  const remembering = <Time, T>(name: string): Exporter<Time, T> => ({
    name,
    async export(time, data) {
      received.push([time, data])
      return ok
    },
  })
  const event: EventExporter<{ level: number }> = remembering('levels')
  const compute: ComputeExporter<readonly string[]> = remembering('names')
  const [at, day] = [new Date('2026-01-02T03:04:05Z'), alignWindow(Date.parse('2026-01-02T03:04:05Z'), 86_400_000)]
  const context = createContext()
  assert.deepEqual([await event.export(at, { level: 7 }, context), await compute.export(day, ['a', 'b'], context)], [ok, ok])
  assert.deepEqual(received, [
    [at, { level: 7 }],
    [day, ['a', 'b']],
  ])
})
