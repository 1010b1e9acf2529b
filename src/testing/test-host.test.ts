import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { ManualClock } from './manual-clock.ts'
import { createTestHost } from './test-host.ts'

test('a host has what was given and leaves nothing behind', async () => {
  const clock = new ManualClock()
  const host = createTestHost({ clock })
  assert.equal(host.clock, clock)
  assert.equal(existsSync(host.dataDir), false)
})

test('a package that cannot be loaded says how it could', async () => {
  await assert.rejects(createTestHost().load('zod'), /no way to load zod/)
  const { z } = await createTestHost({ load: (name) => import(name) }).load<typeof import('zod')>('zod')
  assert.equal(z.string().parse('text'), 'text')
})
