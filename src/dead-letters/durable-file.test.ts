import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { mock, type TestContext, test } from 'node:test'
import { fullDisk } from '../files/full-disk.fixture.ts'
import { temporaryFolder } from '../files/temporary-folder.fixture.ts'
import { DurableFile } from './durable-file.ts'

function fileFor(t: TestContext, bytes?: number) {
  const path = join(temporaryFolder(t), 'file')
  const file = new DurableFile(path, bytes)
  t.after(() => file.close())
  return { path, file }
}

test('what was appended is put on the device each time', async (t) => {
  const { path, file } = fileFor(t)
  const handle = await open(join(temporaryFolder(t), 'any'), 'w')
  const sync = mock.method(Object.getPrototypeOf(handle), 'datasync')
  await handle.close()
  t.after(() => mock.restoreAll())
  await file.append(Buffer.from('one'))
  await file.append(Buffer.from('two'))
  assert.deepEqual([sync.mock.callCount(), file.bytes, readFileSync(path, 'utf8')], [2, 6, 'onetwo'])
})

test('a new file is not written over one that is there', async (t) => {
  const { path, file } = fileFor(t)
  writeFileSync(path, 'precious')
  await assert.rejects(file.append(Buffer.from('x')), { code: 'EEXIST' })
  assert.equal(readFileSync(path, 'utf8'), 'precious')
})

test('what stands behind the bytes that count is taken away before anything is added', async (t) => {
  const { path, file } = fileFor(t, 4)
  writeFileSync(path, 'goodtorn and long')
  await file.append(Buffer.from('more'))
  assert.equal(readFileSync(path, 'utf8'), 'goodmore')
})

test('of an append that fails nothing stays', async (t) => {
  const { path, file } = fileFor(t)
  await file.append(Buffer.from('one'))
  const disk = await fullDisk(t, join(temporaryFolder(t), 'any'))
  disk.fill(20)
  await assert.rejects(file.append(Buffer.from('x'.repeat(50))), { code: 'ENOSPC' })
  assert.deepEqual([file.bytes, readFileSync(path, 'utf8')], [3, 'one'])
  disk.free()
  await file.append(Buffer.from('two'))
  assert.equal(readFileSync(path, 'utf8'), 'onetwo')
})
