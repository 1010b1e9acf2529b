import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readyFor } from './ready-for.ts'
import { temporaryFolder } from './temporary-folder.fixture.ts'
import { unwritable } from './unwritable.ts'

test('makes the folder and nothing in it, whether the file is there or not', async (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'a', 'b', 'file')
  await readyFor(path)
  assert.deepEqual(readdirSync(join(folder, 'a', 'b')), [])
  writeFileSync(path, 'precious')
  await readyFor(path)
  assert.equal(statSync(path).size, 8)
})

test('says what is in the way, and what to do', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'file'), '')
  mkdirSync(join(folder, 'folder'))
  for (const [path, hint] of [
    ['file/below', /a part of the path is a file/],
    ['folder', /name a file in it/],
  ] as const) {
    const error = await readyFor(join(folder, path)).then(
      () => assert.fail(path),
      (thrown) => unwritable(path, thrown),
    )
    assert.deepEqual([error.code, error.message.startsWith(`cannot write to ${path}: `)], ['DESTINATION_UNAVAILABLE', true])
    assert.match(error.hint!, hint)
  }
})
