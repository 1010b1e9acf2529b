import assert from 'node:assert/strict'
import { test } from 'node:test'
import { all, alter, delivers, filled, process as processOn, segments } from './damaged.fixture.ts'
import { FaultyFiles } from './faulty-files.fixture.ts'

const toldOf = (told: readonly string[], part: string) =>
  assert.ok(
    told.some((message) => message.includes(part)),
    told.join('\n'),
  )

test('an empty segment is removed and told, and nothing is lost', async () => {
  const files = await filled(6)
  files.set('/b/0000000099.segment', Buffer.alloc(0))
  const { delivered, told } = await delivers(files)
  assert.deepEqual(delivered, all(6))
  toldOf(told, 'an empty segment is removed')
})

test('files of others are left alone and told, whatever their names', async () => {
  const files = await filled(6)
  const foreign = { '/b/notes.txt': 'mine', '/b/0000000098.segment': 'not a segment at all, only named like one'.repeat(9) }
  for (const [path, text] of Object.entries(foreign)) files.set(path, Buffer.from(text))
  const { delivered, told } = await delivers(files)
  assert.deepEqual(delivered, all(6))
  for (const [path, text] of Object.entries(foreign)) assert.equal(String(files.inode(path)!.live), text)
  toldOf(told, 'not of the buffer')
  toldOf(told, 'holds no segment')
})

test('a copy of a segment under another name is left alone, and nothing is delivered twice', async () => {
  const files = await filled(6)
  const [first] = segments(files)
  files.set('/b/0000000097.segment', files.inode(first!)!.live)
  assert.deepEqual((await delivers(files)).delivered, all(6))
  assert.ok(files.inode('/b/0000000097.segment'))
})

test('a segment of another buffer is left alone', async () => {
  const [files, other] = [await filled(6), await filled(3)]
  const [own] = segments(other)
  await files.rename(segments(files)[0]!, '/kept')
  files.set(own!, other.inode(own!)!.live)
  const { delivered, told } = await delivers(files)
  assert.ok(!delivered.includes(0))
  toldOf(told, 'of another buffer')
})

for (const [what, change] of [
  ['is missing', undefined],
  ['is empty', () => Buffer.alloc(0)],
  ['is all damaged', (bytes: Buffer) => bytes.fill(0x55)],
] as const)
  test(`the state file ${what}: everything that is there is delivered`, async () => {
    const files = await filled(8)
    if (change) alter(files, '/b/state', change)
    else await files.remove('/b/state')
    const { delivered, told, figures } = await delivers(files)
    assert.deepEqual(delivered, all(8))
    assert.equal(figures.accepted, 9)
    toldOf(told, 'how far the buffer had come cannot be read')
  })

test('any one slot of the state file is damaged: nothing is lost, and at most the last is delivered twice', async () => {
  for (const slot of [0, 1, 2]) {
    const files = await filled(8)
    alter(files, '/b/state', (bytes) => bytes.fill(0x55, slot * 65_536, slot * 65_536 + 200))
    assert.deepEqual((await delivers(files)).delivered, all(8))
  }
})

test('a second buffer in the same directory is told which process has it, and disturbs nothing', async () => {
  const files = new FaultyFiles()
  const [first, second] = [processOn(files, { up: false }), processOn(files, { up: true })]
  await first.start()
  await assert.rejects(second.start(), { code: 'BUFFER_IN_USE', message: `the buffer in /b is in use by process ${process.pid}` })
  const refused = await second.put(1)
  assert.equal(refused.status, 'retry')
  assert.equal((await first.put(2)).status, 'ok')
  await first.stop()
  assert.equal((await second.put(3)).status, 'ok')
  await second.flush()
  assert.deepEqual(second.delivered, [2, 3])
})

test('a directory that cannot be written: the buffer refuses and says why, and goes on when it can', async () => {
  const files = new FaultyFiles()
  const it = processOn(files, { up: true })
  files.space = 0
  await assert.rejects(it.start(), { code: 'ENOSPC' })
  assert.equal(it.buffer.health().state, 'unhealthy')
  const refused = await it.put(1)
  assert.ok(refused.status === 'retry' && refused.scope === 'destination' && refused.error.message.includes('ENOSPC'))
  files.space = Number.POSITIVE_INFINITY
  assert.equal((await it.put(2)).status, 'ok')
  await it.flush()
  assert.equal(it.buffer.health().state, 'healthy')
  assert.deepEqual([it.delivered, it.account.figures().refused], [[2], 1])
})

test('a full disk turns into backpressure, what was accepted is delivered meanwhile, and it recovers by itself', async () => {
  const files = new FaultyFiles()
  const it = processOn(files, { up: true })
  await it.put(0)
  files.space = 0
  assert.equal((await it.put(1)).status, 'retry')
  await it.flush()
  files.space = Number.POSITIVE_INFINITY
  assert.equal((await it.put(3)).status, 'ok')
  await it.flush()
  await it.stop()
  assert.deepEqual(it.delivered, [0, 3])
  assert.deepEqual((await delivers(files)).delivered, [])
})

test('a disk that is full of what is delivered: it is let go of, and there is room again', async () => {
  const files = new FaultyFiles()
  const it = processOn(files, { up: true, segmentBytes: 100_000 })
  await it.put(0)
  files.space = files.paths.reduce((sum, path) => sum + files.inode(path)!.live.length, 500)
  const answers: string[] = []
  for (let n = 1; n < 60; n++) {
    answers.push((await it.put(n)).status)
    await it.flush()
  }
  assert.ok(answers.includes('retry'))
  assert.ok(answers.filter((answer) => answer === 'ok').length > 40, answers.join(' '))
  await it.stop()
})

test('what could not be put on the device was refused, and stays so though it is still in the file', async () => {
  const files = new FaultyFiles()
  const it = processOn(files, { up: false })
  assert.equal((await it.put(0)).status, 'ok')
  files.broken = ['sync', 'truncate']
  assert.equal((await it.put(1)).status, 'retry')
  files.broken = []
  assert.equal((await it.put(2)).status, 'ok')
  await it.stop()
  assert.deepEqual((await delivers(files)).delivered, [0, 2])
})

test('a clock that runs backwards between two processes: order and number stay', async () => {
  const files = new FaultyFiles()
  const later = processOn(files, { up: false, nowMs: 5_000_000 })
  await later.put(0)
  await later.stop()
  const earlier = processOn(files, { up: false, nowMs: 1000 })
  await earlier.put(1)
  await earlier.stop()
  assert.deepEqual((await delivers(files, { nowMs: 0 })).delivered, [0, 1])
})

test('a file that was begun and is no segment yet is written over', async () => {
  const files = await filled(4)
  files.set('/b/0000000050.spare', Buffer.from('left over'))
  assert.deepEqual((await delivers(files)).delivered, all(4))
})
