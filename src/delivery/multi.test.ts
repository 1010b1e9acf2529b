import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { type ExportResult, ok, retry } from '../core/result.ts'
import { MultiExporter } from './multi.ts'

const down = retry(new Error('down'))
const answering = (name: string, answer: ExportResult): EventExporter<number> => ({ name, export: async () => answer })
const run = (exporters: EventExporter<number>[], minSuccessCount?: number) =>
  new MultiExporter(exporters, minSuccessCount === undefined ? {} : { minSuccessCount }).export(new Date(0), 1, createContext())

test('is ok when enough children took the data, and names each', async () => {
  const exporters = [answering('a', ok), answering('b', down)]
  assert.deepEqual(await run(exporters), { status: 'ok', children: { a: ok, b: down } })
  const all = await run(exporters, 2)
  assert.equal(all.status, 'retry')
  assert.equal(all.status === 'retry' && all.error.message, 'b: down')
})

test('a child that throws is a child that failed', async () => {
  const thrower: EventExporter<number> = {
    name: 'thrower',
    export: () => {
      throw new Error('broken')
    },
  }
  const result = await run([thrower, answering('a', ok)])
  assert.equal(result.status, 'ok')
  assert.equal(result.children!.thrower!.status, 'retry')
})

test('its health is that of its children', () => {
  const sick: EventExporter<number> = { ...answering('sick', ok), health: () => ({ state: 'unhealthy', reason: 'x' }) }
  assert.deepEqual(new MultiExporter([answering('a', ok), sick]).health(), { state: 'degraded', reason: 'sick is not healthy' })
  assert.deepEqual(new MultiExporter([answering('a', ok)]).health(), { state: 'healthy' })
})
