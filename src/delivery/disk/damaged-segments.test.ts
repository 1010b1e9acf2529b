import assert from 'node:assert/strict'
import { test } from 'node:test'
import { all, alter, delivers, filled, segments } from './damaged.fixture.ts'
import { framesIn } from './frames.ts'
import { decodeHeader, encodeHeader, headerBytes, type SegmentHeader } from './segment-header.ts'

const inOne = { segmentBytes: 100_000 }
const headerOf = (bytes: Buffer) => decodeHeader(bytes) as SegmentHeader

/** Where the entries of a segment are; its first frame is the state. */
function entries(bytes: Buffer) {
  return [...framesIn(bytes, headerOf(bytes).marker, headerBytes)].filter((it) => it.kind === 'frame').slice(1)
}

/** A bit of the fourth of ten records is flipped, so many bytes behind its start. */
async function flipped(offset: number, bit = 1) {
  const files = await filled(10, inOne)
  alter(files, segments(files)[0]!, (bytes) => {
    const { start } = entries(bytes)[3]!
    bytes[start + offset]! ^= bit
    return undefined
  })
  return delivers(files)
}

test('a bit flip in a marker: no record is lost', async () => {
  assert.deepEqual((await flipped(0)).delivered, all(10))
})

for (const [where, offset, bit] of [
  ['the length', 4, 1],
  ['the length, which then reaches beyond the file', 7, 0x40],
  ['the CRC', 8, 1],
  ['the kind', 12, 1],
  ['the position', 13, 1],
  ['the payload', 50, 1],
] as const)
  test(`a bit flip in ${where}: only that record is lost, counted and told, and put aside`, async () => {
    const { delivered, told, figures } = await flipped(offset, bit)
    assert.deepEqual(delivered, all(10, 3))
    assert.deepEqual(figures.dropped, { corrupted: 1 })
    assert.equal(figures.accepted, 11)
    assert.ok(told.some((message) => message.includes('put aside')))
  })

test('a flip of any bit of a record: no other record is lost', async () => {
  const files = await filled(6, inOne)
  const whole = Buffer.from(files.inode(segments(files)[0]!)!.live)
  const { start, end } = entries(whole)[2]!
  for (let at = start; at < end; at++) {
    const copy = Buffer.from(whole)
    copy[at]! ^= 1 << (at % 8)
    const again = files.after('kill')
    again.set(segments(files)[0]!, copy)
    const { delivered } = await delivers(again)
    assert.ok([5, 6].includes(delivered.length), `at ${at}: ${delivered}`)
    assert.deepEqual(
      delivered.filter((n) => n !== 2),
      all(6, 2),
    )
  }
})

test('truncated at every byte of the last record: it alone is lost, told, and the rest delivered', async () => {
  const files = await filled(4, inOne)
  const [path] = segments(files)
  const whole = Buffer.from(files.inode(path!)!.live)
  const { start, end } = entries(whole)[3]!
  for (let length = start; length < end; length++) {
    const again = files.after('kill')
    again.set(path!, whole.subarray(0, length))
    const { delivered, told, figures } = await delivers(again)
    assert.deepEqual(delivered, all(4, 3))
    assert.deepEqual(figures.dropped, { corrupted: 1 })
    assert.ok(
      told.some((message) => length === start || message.includes('torn')),
      `at ${length}`,
    )
  }
})

test('a segment that ends in its header: its records are lost, those of the others are not', async () => {
  const files = await filled(12)
  const [first, second] = segments(files)
  const lost = entries(files.inode(second!)!.live).length
  const before = entries(files.inode(first!)!.live).length
  alter(files, second!, (bytes) => bytes.subarray(0, 30))
  const { delivered, figures } = await delivers(files)
  assert.deepEqual(delivered, all(12, ...Array.from({ length: lost }, (_, n) => before + n)))
  assert.deepEqual(figures.dropped, { corrupted: lost })
})

for (const [what, at] of [
  ['its magic', 0],
  ['the CRC of its version', 12],
  ['its number', 16],
  ['the marker', 38],
  ['its first position', 42],
  ['its CRC', 60],
] as const)
  test(`a bit flip in a header, in ${what}: no record is lost`, async () => {
    for (const which of [0, 1, -1]) {
      const files = await filled(12)
      alter(files, segments(files).at(which)!, (bytes) => {
        bytes[at]! ^= 1
        return undefined
      })
      assert.deepEqual((await delivers(files)).delivered, all(12))
    }
  })

for (const [which, index] of [
  ['first', 0],
  ['middle', 1],
  ['last', -1],
] as const)
  test(`the ${which} segment is missing: the others are delivered, and what was in it is counted`, async () => {
    const files = await filled(12)
    const path = segments(files).at(index)!
    const { from } = headerOf(files.inode(path)!.live)
    const lost = entries(files.inode(path)!.live).map((_, n) => from + n)
    await files.remove(path)
    const { delivered, told, figures } = await delivers(files)
    assert.deepEqual(delivered, all(12, ...lost))
    assert.deepEqual(figures.dropped, { corrupted: lost.length })
    assert.ok(told.some((message) => message.includes('lost')))
  })

test('zeros where a sector was, over two records: these are lost and no other', async () => {
  const files = await filled(10, inOne)
  alter(files, segments(files)[0]!, (bytes) => {
    const [, , third, fourth] = entries(bytes)
    return bytes.fill(0, third!.start + 20, fourth!.start + 20)
  })
  assert.deepEqual((await delivers(files)).delivered, all(10, 2, 3))
})

test('zeros or anything else behind the last record: nothing is lost', async () => {
  for (const tail of [Buffer.alloc(5000), Buffer.from('anything else'.repeat(100))]) {
    const files = await filled(10, inOne)
    alter(files, segments(files)[0]!, (bytes) => Buffer.concat([bytes, tail]))
    const { delivered, figures } = await delivers(files)
    assert.deepEqual([delivered, figures.dropped], [all(10), {}])
  }
})

test('a record that stands there twice is delivered once', async () => {
  const files = await filled(5, inOne)
  alter(files, segments(files)[0]!, (bytes) => {
    const last = entries(bytes).at(-1)!
    return Buffer.concat([bytes, bytes.subarray(last.start, last.end)])
  })
  assert.deepEqual((await delivers(files)).delivered, all(5))
})

test('a file that was used before: what stands behind the new records is not taken for theirs', async () => {
  const files = await filled(4, inOne)
  const [path] = segments(files)
  const old = Buffer.from(files.inode(path!)!.live)
  const marker = headerOf(old).marker
  alter(files, path!, (bytes) => Buffer.concat([bytes, forged(old, marker)]))
  assert.deepEqual((await delivers(files)).delivered, all(4))
})

/** Whole frames with another marker, as an earlier use of the file leaves them behind. */
function forged(bytes: Buffer, marker: number): Buffer {
  const copy = Buffer.from(bytes.subarray(headerBytes))
  for (const it of framesIn(bytes, marker, headerBytes))
    if (it.kind === 'frame') copy.writeUInt32LE((marker ^ 0xff) >>> 0, it.start - headerBytes)
  return copy
}

test('a newer version is refused with its name, and nothing is touched', async () => {
  const files = await filled(4)
  const path = segments(files)[0]!
  alter(files, path, (bytes) => {
    const header = encodeHeader(headerOf(bytes), 3)
    return Buffer.concat([header, bytes.subarray(headerBytes)])
  })
  const before = segments(files).map((path) => files.inode(path)!.live.toString('hex'))
  await assert.rejects(delivers(files), { code: 'BUFFER_NEWER', message: 'the buffer is of version 3, newer than 2' })
  assert.deepEqual(
    segments(files).map((path) => files.inode(path)!.live.toString('hex')),
    before,
  )
})
