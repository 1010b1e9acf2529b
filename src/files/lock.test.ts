import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { takeLock } from './lock.ts'
import { temporaryFolder } from './temporary-folder.fixture.ts'

const options = { message: (pid: number) => `process ${pid} is in the room`, hint: 'leave it' }
const onlyLinux = { skip: process.platform !== 'linux' && 'only Linux tells when a process began' }

const script = `
  const { takeLock } = await import(${JSON.stringify(new URL('./lock.ts', import.meta.url).href)})
  await takeLock(process.argv[1], { message: (pid) => String(pid), hint: '' }).then(() => process.send('taken'), (error) => process.send(error.code))
  setInterval(() => {}, 1000)`

/** Another process that tries to take the lock, and lives on whatever came of it. */
function rival(t: TestContext, path: string): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  t.after(() => child.kill('SIGKILL'))
  return child
}

test('is held until it is let go of, and leaves nothing behind', async (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'lock')
  const lock = await takeLock(path, options)
  assert.equal((JSON.parse(readFileSync(path, 'utf8')) as { pid: number }).pid, process.pid)
  assert.deepEqual(readdirSync(folder), ['lock'])
  await assert.rejects(takeLock(path, options), { code: 'DATA_DIR_IN_USE', message: `process ${process.pid} is in the room` })
  lock.release()
  assert.deepEqual(readdirSync(folder), [])
  const next = await takeLock(path, options)
  lock.release()
  assert.deepEqual(readdirSync(folder), ['lock'], 'let go of twice, it takes nothing from the next')
  next.release()
})

test('a process that lives keeps others out and is named; one that was killed does not', async (t) => {
  const path = join(temporaryFolder(t), 'lock')
  const other = rival(t, path)
  assert.deepEqual(await once(other, 'message'), ['taken', undefined])
  await assert.rejects(takeLock(path, options), {
    code: 'DATA_DIR_IN_USE',
    message: `process ${other.pid} is in the room`,
    hint: 'leave it',
    at: path,
  })
  other.kill('SIGKILL')
  await once(other, 'exit')
  const lock = await takeLock(path, options)
  lock.release()
})

test('a pid that another process has now is not mistaken for the owner, nor is pid 1', onlyLinux, async (t) => {
  const path = join(temporaryFolder(t), 'lock')
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  for (const pid of [process.pid, process.ppid, 1]) {
    for (const started of [`${boot}/1`, 'another-boot/1']) {
      writeFileSync(path, JSON.stringify({ pid, started }))
      const lock = await takeLock(path, options)
      lock.release()
    }
  }
})

test('what no process can have written keeps nobody out', async (t) => {
  const path = join(temporaryFolder(t), 'lock')
  for (const text of ['', '{"pi', 'null', '[]', '{"pid":-1}', '{"pid":1.5}', '{"pid":"1"}', '\0\0\0\0']) {
    writeFileSync(path, text)
    const lock = await takeLock(path, options)
    lock.release()
  }
})

test('of many that find a dead one’s lock at once, or one just after another, one has it', async (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'lock')
  for (let round = 0; round < 150; round++) {
    writeFileSync(path, '{"pid":')
    const late = async (turns: number) => {
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
      return takeLock(path, options)
    }
    const tries = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => late(index * (round % 10))))
    const locks = tries.filter((result) => result.status === 'fulfilled')
    assert.equal(locks.length, 1)
    for (const result of tries) if (result.status === 'rejected') assert.equal(result.reason.code, 'DATA_DIR_IN_USE')
    for (const { value } of locks) value.release()
    assert.deepEqual(readdirSync(folder), [])
  }
})

test('of several processes that start at once, one has it', async (t) => {
  const path = join(temporaryFolder(t), 'lock')
  writeFileSync(path, '{"pid":')
  const answers = await Promise.all(Array.from({ length: 4 }, () => once(rival(t, path), 'message')))
  const told = answers.map(([answer]) => answer).sort()
  assert.deepEqual(told, ['DATA_DIR_IN_USE', 'DATA_DIR_IN_USE', 'DATA_DIR_IN_USE', 'taken'])
})

test('one that died while it took over keeps nobody out', async (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'lock')
  writeFileSync(path, '')
  writeFileSync(`${path}.next`, '')
  const lock = await takeLock(path, options)
  lock.release()
  assert.deepEqual(readdirSync(folder), [])
})

test('what the file system refuses is told as it says it', async (t) => {
  const folder = temporaryFolder(t)
  await assert.rejects(takeLock(join(folder, 'missing', 'lock'), options), { code: 'ENOENT' })
  mkdirSync(join(folder, 'lock'))
  await assert.rejects(takeLock(join(folder, 'lock'), options), { code: 'EISDIR' })
})
