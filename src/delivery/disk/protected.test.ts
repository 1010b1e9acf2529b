import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../../core/secret.ts'
import { all, alter, delivers, filled, process as processOn, segments } from './damaged.fixture.ts'
import type { FaultyFiles } from './faulty-files.fixture.ts'
import { framesIn } from './frames.ts'
import { decodeHeader, headerBytes, type SegmentHeader } from './segment-header.ts'

const encryptionKey = 'c0ffee00'.repeat(8)
const newKey = Buffer.alloc(32, 7).toString('base64')
const compressed = { compress: true }
const encrypted = { encryptionKey }
const both = { ...compressed, ...encrypted }

const headerOf = (files: FaultyFiles, path: string) => decodeHeader(files.inode(path)!.live) as SegmentHeader
const bytesOf = (files: FaultyFiles) => segments(files).reduce((sum, path) => sum + files.inode(path)!.live.length, 0)
const contents = (files: FaultyFiles) =>
  Object.fromEntries(files.paths.filter((path) => path !== '/b/lock').map((path) => [path, files.inode(path)!.live.toString('hex')]))

for (const [what, given, packed] of [
  ['compressed', compressed, true],
  ['encrypted', encrypted, false],
  ['compressed and encrypted', both, true],
] as const)
  test(`${what}: everything is delivered, in order, and the header tells`, async () => {
    const files = await filled(60, { given, segmentBytes: 1000 })
    const headers = segments(files).map((path) => headerOf(files, path))
    assert.ok(headers.length >= 5)
    for (const header of headers) assert.equal(header.encrypted, 'encryptionKey' in given)
    assert.deepEqual(
      headers.map((header) => header.packed),
      headers.map((_, index) => packed && index >= 2 && index < headers.length - 1),
      'the next to be delivered and the one that grows are left as they are',
    )
    assert.deepEqual((await delivers(files, { given })).delivered, all(60))
  })

test('compressed, it takes less room, and the buffer takes more before it is full', async () => {
  const [plain, packed] = [await filled(200, { segmentBytes: 2000 }), await filled(200, { segmentBytes: 2000, given: compressed })]
  assert.ok(bytesOf(packed) < 0.6 * bytesOf(plain), `${bytesOf(packed)} of ${bytesOf(plain)}`)
  const taken = async (given: object) => {
    const it = processOn(await filled(0), { up: false, segmentBytes: 1000, given: { ...given, maxBytes: 10_000 } })
    let count = 0
    while ((await it.put(count)).status === 'ok') {
      count++
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
    }
    await it.stop()
    return count
  }
  assert.ok((await taken(compressed)) > 1.2 * (await taken({})))
})

test('what a run without compression left is compressed by the next, and a reader that was in the middle goes on', async () => {
  const files = await filled(60, { segmentBytes: 1000 })
  const before = bytesOf(files)
  const it = processOn(files, { up: false, given: compressed })
  await it.start()
  for (let turn = 0; turn < 2000 && files.paths.every((path) => !path.endsWith('.packing')); turn++) await new Promise(setImmediate)
  for (let turn = 0; turn < 2000; turn++) await new Promise(setImmediate)
  await it.stop()
  assert.ok(bytesOf(files) < before)
  assert.deepEqual((await delivers(files)).delivered, all(60), 'without the setting too')
})

test('a disk that is full while it compresses: nothing is lost, and nothing is left behind', async () => {
  const files = await filled(60, { segmentBytes: 1000 })
  files.space = files.paths.reduce((sum, path) => sum + files.inode(path)!.live.length, 300)
  const it = processOn(files, { up: false, given: compressed })
  await it.start()
  for (let turn = 0; turn < 2000; turn++) await new Promise(setImmediate)
  await it.stop()
  assert.ok(it.told.some((message) => message.includes('cannot be compressed')))
  assert.ok(files.paths.every((path) => !path.endsWith('.packing')))
  files.space = Number.POSITIVE_INFINITY
  assert.deepEqual((await delivers(files)).delivered, all(60))
})

test('a compression that a crash cut short is forgotten', async () => {
  const files = await filled(30, { segmentBytes: 1000 })
  files.set('/b/0000000003.packing', Buffer.from('half'))
  const { delivered, told } = await delivers(files)
  assert.deepEqual([delivered, told.filter((message) => message.includes('left alone'))], [all(30), []])
  assert.ok(!files.inode('/b/0000000003.packing'))
})

test('a segment that is damaged is not compressed: its reader tells what is lost', async () => {
  const files = await filled(60, { segmentBytes: 1000 })
  const path = segments(files)[3]!
  alter(files, path, (bytes) => {
    bytes[bytes.indexOf('record') + 2]! ^= 1
    return undefined
  })
  const it = processOn(files, { up: false, given: compressed })
  await it.start()
  for (let turn = 0; turn < 2000; turn++) await new Promise(setImmediate)
  await it.stop()
  assert.equal(headerOf(files, path).packed, false)
  assert.equal((await delivers(files)).delivered.length, 59)
})

for (const [what, given] of [
  ['compressed', compressed],
  ['encrypted', encrypted],
  ['compressed and encrypted', both],
] as const)
  test(`${what}, a flip of any bit of a frame: what is in other frames is not lost`, async () => {
    const files = await filled(50, { given, segmentBytes: 700 })
    const path = segments(files)[2]!
    const whole = Buffer.from(files.inode(path)!.live)
    const frames = [...framesIn(whole, headerOf(files, path).marker, headerBytes)].filter((it) => it.kind === 'frame')
    for (const [index, { start, end }] of frames.slice(0, 3).entries()) {
      for (let at = start; at < end; at += 5) {
        const again = files.after('kill')
        const copy = Buffer.from(whole)
        copy[at]! ^= 1 << (at % 8)
        again.set(path, copy)
        const { delivered, figures } = await delivers(again, { given })
        const { from } = headerOf(files, path)
        const next = headerOf(files, segments(files)[3]!).from
        const lost = all(50).filter((n) => !delivered.includes(n))
        const mayBeLost = all(next).filter((n) => n >= from && (frames.length === 2 || n === from + index - 1))
        assert.ok(
          lost.every((n) => mayBeLost.includes(n)),
          `at ${at} of frame ${index}: ${lost}`,
        )
        assert.deepEqual(figures.dropped, lost.length > 0 ? { corrupted: lost.length } : {})
      }
    }
  })

test('a header that is damaged, of a segment that is compressed and encrypted: no record is lost', async () => {
  for (const at of [0, 10, 38, 60]) {
    const files = await filled(40, { given: both, segmentBytes: 700 })
    alter(files, segments(files)[2]!, (bytes) => {
      bytes[at]! ^= 1
      return undefined
    })
    assert.deepEqual((await delivers(files, { given: both })).delivered, all(40))
  }
})

test('encrypted, nothing of the data can be seen in any file, in the quarantine neither', async () => {
  for (const given of [encrypted, both]) {
    const files = await filled(40, { given, segmentBytes: 700 })
    alter(files, segments(files)[1]!, (bytes) => {
      bytes[bytes.length - 30]! ^= 1
      return undefined
    })
    await delivers(files, { given })
    for (const path of files.paths) assert.ok(!files.inode(path)!.live.includes('record'), path)
    assert.ok(files.paths.some((path) => path.includes('/quarantine/')))
  }
})

test('another key, or none: one error that says so, nothing is touched, and with the right one nothing is lost', async () => {
  const files = await filled(20, { given: both, segmentBytes: 700 })
  const before = contents(files)
  const hint = 'give the key that it was written with: as its key, or among its old keys'
  await assert.rejects(delivers(files, { given: { encryptionKey: newKey } }), {
    code: 'BUFFER_KEY',
    message: 'the buffer is encrypted with another key',
    hint,
  })
  await assert.rejects(delivers(files), { code: 'BUFFER_KEY', message: 'the buffer is encrypted, and no key is given', hint })
  assert.deepEqual(contents(files), before)
  assert.deepEqual((await delivers(files, { given: { encryptionKey: new Secret(encryptionKey) } })).delivered, all(20))
})

test('a new key: what the old one encrypted is read, what was not encrypted too, and what comes is encrypted with the new one', async () => {
  const files = await filled(10, { segmentBytes: 700 })
  const more = async (given: object, from: number) => {
    const it = processOn(files, { up: false, segmentBytes: 700, given })
    for (let n = from; n < from + 10; n++) assert.equal((await it.put(n)).status, 'ok')
    await it.stop()
  }
  await more(encrypted, 10)
  const rotated = { encryptionKey: newKey, oldEncryptionKeys: [encryptionKey] }
  await more(rotated, 20)
  await assert.rejects(delivers(files, { given: { encryptionKey: newKey } }), { code: 'BUFFER_KEY' })
  await assert.rejects(delivers(files, { given: encrypted }), { code: 'BUFFER_KEY' })
  await more({ oldEncryptionKeys: [newKey, encryptionKey] }, 30)
  assert.equal(headerOf(files, segments(files).at(-1)!).encrypted, false, 'without a key, what comes is not encrypted any more')
  assert.deepEqual((await delivers(files, { given: rotated })).delivered, all(40))
})

test('what is no key is refused, and not shown', async () => {
  for (const key of ['', 'secret', 'ab'.repeat(31), Buffer.alloc(16).toString('base64'), `${'ab'.repeat(31)}xy`])
    assert.throws(
      () => processOn({} as FaultyFiles, { up: true, given: { encryptionKey: key } }),
      (error: Error & { code: string }) => error.code === 'INVALID_OPTION' && (key === '' || !error.message.includes(key)),
    )
})
