import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { DiagnosticService } from './service.ts'
import { DiagnosticSource } from './source.ts'

const at = new Date('2026-01-05T12:00:00Z')

test('000-31 the source has its name and gives nothing while no diagnostic is registered', async () => {
  const service = new DiagnosticService()
  const source = new DiagnosticSource(service)
  assert.equal(source.name, 'diagnostics-source')
  assert.equal(await source.make(at, createContext()), undefined)
  service.register('coin-flip', 'A coin.', 'random', () => ({ result: 'heads' }))
  const report = await source.make(at, createContext())
  assert.deepEqual(Object.keys(report ?? {}), ['startTime', 'results'])
  assert.equal(report?.startTime, '2026-01-05T12:00:00.000Z')
  assert.deepEqual(report?.results[0]?.details, { result: 'heads' })
})

test('000-32 a report names the application first, where there is one', async () => {
  const service = new DiagnosticService()
  service.register('coin-flip', 'A coin.', 'random', () => ({ result: 'heads' }))
  const report = await new DiagnosticSource(service, { application: 'finops' }).make(at, createContext())
  assert.deepEqual(Object.keys(report ?? {}), ['application', 'startTime', 'results'])
  assert.equal(report?.application, 'finops')
})
