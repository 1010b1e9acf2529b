import assert from 'node:assert/strict'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { full } from './full-disk.fixture.ts'
import { TailedFile, type WritableHandle } from './tailed-file.ts'
import { temporaryFolder } from './temporary-folder.fixture.ts'

const loose = { durable: false }

/** A file that holds `(.)`, of which single calls can be made to fail. */
async function failing(folder: string) {
  const path = join(folder, 'a')
  writeFileSync(path, '(.)')
  const handle = await open(path, 'r+')
  const state = { space: Number.POSITIVE_INFINITY, truncates: true, syncs: true, writes: 0 }
  const writable = {
    write: async (bytes: Uint8Array, offset: number, length: number, position: number) => {
      if (state.space === 0) throw full
      const taken = Math.min(length, state.space)
      state.space -= taken
      state.writes++
      return handle.write(bytes, offset, taken, position)
    },
    truncate: async (length: number) => {
      if (!state.truncates) throw full
      state.space = Number.POSITIVE_INFINITY
      await handle.truncate(length)
    },
    datasync: () => (state.syncs ? handle.datasync() : Promise.reject(full)),
    stat: () => handle.stat(),
    close: () => handle.close(),
  } as WritableHandle
  return { state, file: new TailedFile({ path, handle: writable, length: 2, ending: ')' }), text: () => readFileSync(path, 'utf8') }
}

test('a piece goes in front of the ending with one write', async (t) => {
  const { file, state, text } = await failing(temporaryFolder(t))
  await file.append(' é', loose)
  assert.equal(text(), '(. é)')
  await file.append('!', { durable: true })
  assert.deepEqual([text(), file.length, state.writes], ['(. é!)', 6, 2])
  await file.sync()
  await file.close()
})

test('C8 what a failed write left behind is taken back, and the next piece follows the last that worked', async (t) => {
  const { file, state, text } = await failing(temporaryFolder(t))
  for (const space of [0, 1, 3]) {
    state.space = space
    await assert.rejects(file.append('12345', loose), full)
    assert.deepEqual([text(), file.length, await file.isUsable()], ['(.)', 2, true])
  }
  await file.append('6', loose)
  assert.equal(text(), '(.6)')
  await file.close()
})

test('a file that cannot be mended, or not be synced, is not used again', async (t) => {
  const torn = await failing(temporaryFolder(t))
  Object.assign(torn.state, { space: 2, truncates: false })
  await assert.rejects(torn.file.append('12345', loose), full)
  assert.equal(await torn.file.isUsable(), false)
  await torn.file.close()

  const unsynced = await failing(temporaryFolder(t))
  unsynced.state.syncs = false
  await assert.rejects(unsynced.file.append('12345', { durable: true }), full)
  assert.deepEqual([unsynced.text(), await unsynced.file.isUsable()], ['(.)', false])
  await unsynced.file.close()
})

test('a file that was moved away, and one in its place, is noticed', async (t) => {
  const folder = temporaryFolder(t)
  const { file } = await failing(folder)
  assert.equal(await file.isUsable(), true)
  renameSync(join(folder, 'a'), join(folder, 'b'))
  assert.equal(await file.isUsable(), false)
  writeFileSync(join(folder, 'a'), 'somebody else')
  assert.equal(await file.isUsable(), false)
  await file.close()
})
