import assert from 'node:assert/strict'
import { cpSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { temporaryFolder } from '../files/temporary-folder.fixture.ts'
import { lettersIn, storeFor, valuesIn } from './store.fixture.ts'

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ put: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ settle: fc.constantFrom('replayed', 'purged'), every: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.constant({ reopen: true }) },
  { weight: 2, arbitrary: fc.record({ crash: fc.nat({ max: 60 }) }) },
)

test('whatever happens, every letter that was taken waits or is settled, once, and the figures say so', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 2000 }), async (steps, fileBytes) => {
      let folder = temporaryFolder(t)
      let session = storeFor(t, { directory: folder, fileBytes })
      let store = await session.open()
      const waiting = new Set<number>()
      const settled = { replayed: 0, purged: 0 }
      const ids = new Map<string, number>()
      let written = 0
      for (const step of steps) {
        if ('put' in step) {
          await session.put(store, step.put, written)
          for (let index = 0; index < step.put; index++) waiting.add(written++)
        } else if ('settle' in step) {
          const chosen = (await lettersIn(store)).filter((_, index) => index % step.every === 0)
          const values = (await valuesIn(store)).filter((_, index) => index % step.every === 0)
          settled[step.settle] += await store.settle(chosen, step.settle, session.context)
          for (const value of values) waiting.delete(value)
        } else {
          const copy = temporaryFolder(t)
          if ('reopen' in step) await store.stop(session.context)
          cpSync(folder, copy, { recursive: true })
          if ('crash' in step) {
            await store.stop(session.context)
            rmSync(join(copy, 'lock'))
            unfinished(copy, step.crash)
          }
          folder = copy
          session = storeFor(t, { directory: folder, fileBytes })
          store = await session.open()
        }
        assert.deepEqual(await valuesIn(store), [...waiting])
        for (const [index, { id }] of (await lettersIn(store)).entries()) {
          const value = [...waiting][index]!
          assert.equal(ids.get(id) ?? value, value, `${id} was another letter's`)
          ids.set(id, value)
        }
        const [figures] = store.figures()
        if (figures) assert.deepEqual(figures, { exporter: 'web', written, waiting: waiting.size, ...settled })
        else assert.equal(written, 0)
      }
      await store.stop(session.context)
    }),
    { numRuns: Number(process.env.WAYBILL_RUNS ?? 40) },
  )
})

/** Adds what was being written when the process ended: zeros, as a file has them that has grown before its contents came. */
function unfinished(folder: string, bytes: number): void {
  const last = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .at(bytes % 2 === 0 ? -1 : 0)
  if (last) truncateSync(join(folder, last), statSync(join(folder, last)).size + bytes)
}
