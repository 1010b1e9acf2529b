import assert from 'node:assert/strict'
import { open, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Appendable, AppendFile } from './append-file.ts'
import { temporaryFolder } from './folder.fixture.ts'

const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
const text = (value: string) => Buffer.from(value)
const loose = { durable: false }

/** A real file of which single calls can be made to fail. */
async function failing(directory: string) {
  const path = join(directory, 'a')
  const handle = await open(path, 'wx')
  const fails = { write: false, truncate: false, datasync: false }
  let space = Number.POSITIVE_INFINITY
  const appendable = {
    write: async (bytes: Uint8Array, offset: number, length: number, position: number) => {
      if (space === 0) throw full
      const taken = Math.min(length, space)
      space -= taken
      return handle.write(bytes, offset, taken, position)
    },
    truncate: (length: number) => (fails.truncate ? Promise.reject(full) : handle.truncate(length)),
    datasync: () => (fails.datasync ? Promise.reject(full) : handle.datasync()),
    stat: () => handle.stat(),
    close: () => handle.close(),
  } as Appendable
  return { path, fails, file: new AppendFile(path, appendable, 0), setSpace: (bytes: number) => (space = bytes) }
}

test('a write that stops half way leaves nothing behind, and the next one follows the last that worked', async (t) => {
  const { path, file, setSpace } = await failing(await temporaryFolder(t))
  await file.append(text('one\n'), loose)
  setSpace(2)
  await assert.rejects(file.append(text('two\n'), loose), full)
  assert.equal(await readFile(path, 'utf8'), 'one\n')
  assert.equal(file.length, 4)
  setSpace(100)
  assert.equal(await file.isUsable(), true)
  await file.append(text('three\n'), loose)
  assert.equal(await readFile(path, 'utf8'), 'one\nthree\n')
  await file.close()
})

test('a file that cannot be cut back, or not be synced, is not used again', async (t) => {
  const torn = await failing(await temporaryFolder(t))
  torn.setSpace(2)
  torn.fails.truncate = true
  await assert.rejects(torn.file.append(text('two\n'), loose), full)
  assert.equal(await torn.file.isUsable(), false)
  await torn.file.close()

  const unsynced = await failing(await temporaryFolder(t))
  await unsynced.file.append(text('one\n'), { durable: true })
  unsynced.fails.datasync = true
  await assert.rejects(unsynced.file.append(text('two\n'), { durable: true }), full)
  assert.equal(await unsynced.file.isUsable(), false)
  assert.equal(await readFile(unsynced.path, 'utf8'), 'one\n')
  await unsynced.file.close()
})

test('a file that was removed, or moved and replaced, is noticed', async (t) => {
  const directory = await temporaryFolder(t)
  const path = join(directory, 'a')
  const moved = await AppendFile.create([path], 0)
  await moved.append(text('one\n'), loose)
  assert.equal(await moved.isUsable(), true)
  await rename(path, join(directory, 'a.1'))
  assert.equal(await moved.isUsable(), false)
  await writeFile(path, 'somebody else')
  assert.equal(await moved.isUsable(), false)
  await moved.close()
})

test('an existing file is never opened, and an empty one does not stay', async (t) => {
  const directory = await temporaryFolder(t)
  await writeFile(join(directory, 'a'), 'precious')
  const file = await AppendFile.create([join(directory, 'a'), join(directory, 'b')], 0)
  assert.equal(file.path, join(directory, 'b'))
  assert.deepEqual(await readdir(directory), ['a', 'b'])
  await file.close()
  assert.deepEqual(await readdir(directory), ['a'])
  assert.equal(await readFile(join(directory, 'a'), 'utf8'), 'precious')

  const replaced = await AppendFile.create([join(directory, 'c')], 0)
  await rename(join(directory, 'c'), join(directory, 'd'))
  await writeFile(join(directory, 'c'), 'precious')
  await replaced.close()
  assert.deepEqual(await readdir(directory), ['a', 'c', 'd'])
})
