import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeFolder } from './make-folder.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-make-folder-'))
})
after(() => rmSync(folder, { recursive: true }))

test('makes what is missing above it too, by several at once, and again', async () => {
  const path = join(folder, 'a', 'b', 'c')
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(folder, 'a', 'd'))])
  await makeFolder(path)
  assert.ok(statSync(path).isDirectory())
  assert.ok(statSync(join(folder, 'a', 'd')).isDirectory())
})

test('says why it cannot: a file is in the way', async () => {
  writeFileSync(join(folder, 'file'), '')
  await assert.rejects(makeFolder(join(folder, 'file')), { code: 'EEXIST' })
  await assert.rejects(makeFolder(join(folder, 'file', 'below')), { code: 'ENOTDIR' })
})

test('comes back from a place in which nothing can be made', { skip: process.platform !== 'linux' && 'only Linux has /proc' }, async () => {
  await assert.rejects(makeFolder('/proc/waybill/below'), { code: 'ENOENT' })
})
