import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { FileStorage } from './file.ts'

const text = (value: string) => Buffer.from(value)
const leftover = '.waybill-00000000-0000-4000-8000-000000000000.tmp'

test('000-17 files lie in the folder under their paths, which is made with the first', async (t) => {
  const root = join(temporaryFolder(t), 'a', 'b')
  const storage = new FileStorage(root)
  assert.deepEqual([await storage.list(''), await storage.listDirectories('')], [[], []])
  await storage.write('d/f.json', text('{}'))
  assert.equal(readFileSync(join(root, 'd', 'f.json'), 'utf8'), '{}')
  assert.deepEqual([storage.type, storage.location, storage.fullPath('./d//f.json')], ['file', root, join(root, 'd', 'f.json')])
  assert.equal((await storage.stat('d/f.json'))?.modifiedMs, statSync(join(root, 'd', 'f.json')).mtimeMs)
  assert.equal(new FileStorage('x').location, resolve('x'))
  assert.throws(() => new FileStorage(''), { code: 'INVALID_OPTION' })
})

test('folders that become empty go, others and the root stay', async (t) => {
  const root = temporaryFolder(t)
  const storage = new FileStorage(root)
  for (const path of ['a/b/c/f', 'a/g']) await storage.write(path, text(path))
  await storage.remove('a/b/c/f')
  assert.deepEqual(readdirSync(join(root, 'a')), ['g'])
  await storage.remove('a/g')
  assert.deepEqual(readdirSync(root), [])
})

test('what a killed writer left is not listed, cannot be named, and goes when it is old', async (t) => {
  const root = temporaryFolder(t)
  const nowMs = Date.UTC(2026, 0, 1)
  mkdirSync(join(root, 'd'))
  const fresh = leftover.replace('4000', '4001')
  for (const [name, ageMs] of [
    [leftover, 3_600_001],
    [fresh, 3_599_000],
  ] as const) {
    writeFileSync(join(root, 'd', name), 'half')
    utimesSync(join(root, 'd', name), new Date(nowMs - ageMs), new Date(nowMs - ageMs))
  }
  const clock = new ManualClock(nowMs)
  const storage = new FileStorage(root, { clock })
  assert.deepEqual(await storage.list('d'), [])
  await assert.rejects(storage.read(`d/${leftover}`), { code: 'INVALID_OPTION' })
  await storage.write('d/f', text('f'))
  assert.deepEqual(readdirSync(join(root, 'd')).sort(), [fresh, 'f'])
  await clock.advance(3_600_000)
  await storage.write('d/f', text('f'))
  assert.deepEqual(readdirSync(join(root, 'd')), ['f'])
})

test('links and folders are not files', async (t) => {
  const root = temporaryFolder(t)
  mkdirSync(join(root, 'folder'))
  symlinkSync('folder', join(root, 'link'))
  const storage = new FileStorage(root)
  assert.deepEqual([await storage.list(''), await storage.listDirectories('')], [[], ['folder']])
  assert.deepEqual([await storage.read('folder'), await storage.remove('folder')], [undefined, false])
})

test('what cannot be written says where and what to do, and leaves nothing', async (t) => {
  const root = temporaryFolder(t)
  const storage = new FileStorage(root)
  await storage.write('d/f', text('f'))
  for (const [path, hint] of [
    ['d/f/below', /a part of the path is a file/],
    ['d', /is a folder/],
  ] as const)
    await assert.rejects(storage.write(path, text('x')), {
      code: 'DESTINATION_UNAVAILABLE',
      message: /^cannot write to .*: E[A-Z]+: /,
      hint,
    })
  assert.deepEqual([readdirSync(root), readdirSync(join(root, 'd'))], [['d'], ['f']])
})

test('a name that the file system cannot hold is no path, written or read', async (t) => {
  const root = temporaryFolder(t)
  const storage = new FileStorage(root)
  const long = 'x'.repeat(300)
  const refusal = { code: 'INVALID_OPTION', message: /x(\/f)? is too long for the file system$/ }
  for (const path of [long, `${long}/f`]) {
    await assert.rejects(storage.write(path, text('x')), refusal)
    await assert.rejects(storage.create(path, text('x')), refusal)
    await assert.rejects(storage.read(path), refusal)
    await assert.rejects(storage.list(path), refusal)
  }
  assert.deepEqual(readdirSync(root), [])
})

test('where the file system has no links, nothing is replaced either', async (t) => {
  t.mock.method(fs, 'link', async () => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'link' })))
  syncBuiltinESMExports()
  t.after(() => {
    t.mock.restoreAll()
    syncBuiltinESMExports()
  })
  const root = temporaryFolder(t)
  const storage = new FileStorage(root)
  assert.equal(await storage.create('f', text('first')), true)
  const late = Promise.all([storage.create('g', text('one')), storage.create('f', text('second'))])
  assert.deepEqual(await late, [true, false])
  assert.deepEqual([readFileSync(join(root, 'f'), 'utf8'), readdirSync(root)], ['first', ['f', 'g']])
})

test('a file and the names above it are on the device before the answer', async (t) => {
  const root = temporaryFolder(t)
  const probe = await fs.open(join(root, 'probe'), 'w')
  const synced = t.mock.method(Object.getPrototypeOf(probe), 'sync')
  await probe.close()
  const storage = new FileStorage(join(root, 's'))
  await storage.write('a/f', text('f'))
  assert.equal(synced.mock.callCount(), 4, 'the file, a, s and what is above s')
  await storage.write('a/f', text('g'))
  assert.equal(synced.mock.callCount(), 6, 'the file and a')
  rmSync(join(root, 's', 'a'), { recursive: true })
  await storage.write('a/f', text('h'))
  assert.equal(synced.mock.callCount(), 10, 'all four again, since somebody had removed a')
})
