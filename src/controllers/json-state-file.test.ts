import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { JsonStateFile } from './json-state-file.ts'

const folder = await mkdtemp(join(tmpdir(), 'waybill-state-'))
after(() => rm(folder, { recursive: true }))

test('what was saved is loaded, by another process too; at first there is nothing', async () => {
  const path = join(folder, 'deep', 'down', 'load-1h.json')
  const file = new JsonStateFile<{ n: number }>(path)
  assert.equal(await file.load(), undefined)
  await file.save({ n: 1 })
  assert.deepEqual(await new JsonStateFile(path).load(), { n: 1 })
  assert.deepEqual(await readdir(join(folder, 'deep', 'down')), ['load-1h.json'])
})

test('of saves at once the last one stays, and the file is whole at every moment', async () => {
  const path = join(folder, 'busy.json')
  const file = new JsonStateFile<{ n: number; text: string }>(path)
  const text = 'x'.repeat(100_000)
  await file.save({ n: -1, text })
  const saves = Array.from({ length: 20 }, (_, n) => file.save({ n, text }))
  let done = false
  void Promise.all(saves).then(() => (done = true))
  while (!done) assert.equal((await file.load())?.text.length, 100_000)
  assert.equal((await file.load())?.n, 19)
})

test('half a file left by a save that was cut off is not read', async () => {
  const path = join(folder, 'cut.json')
  const file = new JsonStateFile<{ n: number }>(path)
  await file.save({ n: 1 })
  await writeFile(`${path}.new`, '{"n":')
  assert.deepEqual(await file.load(), { n: 1 })
  await file.save({ n: 2 })
  assert.deepEqual(await file.load(), { n: 2 })
})

test('a file that cannot be read or written is told, and a later save is tried all the same', async () => {
  const path = join(folder, 'broken.json')
  const file = new JsonStateFile<{ n: number }>(path)
  await writeFile(path, '{"n":')
  await assert.rejects(file.load(), { code: 'FILE_UNREADABLE' })
  await mkdir(`${path}.new`)
  await assert.rejects(file.save({ n: 1 }), { code: 'EISDIR' })
  await rm(`${path}.new`, { recursive: true })
  await file.save({ n: 2 })
  assert.deepEqual(await file.load(), { n: 2 })
})
