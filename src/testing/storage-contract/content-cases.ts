/** What is read is what was written. */
import assert from 'node:assert/strict'
import { bytesOf, chunksOf, collected, namesIn, type StorageCase, textAt, write } from './case.ts'

const everyByte = Uint8Array.from({ length: 300_000 }, (_, n) => (n * 31 + (n >> 8)) % 256)

export const contentCases: readonly StorageCase[] = [
  {
    name: 'gives back every byte, and knows how many',
    async check({ storage }) {
      for (const size of [0, 1, everyByte.length]) {
        await storage.write('d/f', everyByte.subarray(0, size))
        const read = (await storage.read('d/f')) ?? assert.fail('nothing is there')
        assert.ok(Buffer.from(everyByte.subarray(0, size)).equals(read), `of ${size} bytes, ${read.length} came back, or others`)
        assert.equal((await storage.stat('d/f'))?.size, size, 'stat knows another size')
        assert.equal(await storage.exists('d/f'), true, 'exists does not know of it')
      }
    },
  },
  {
    name: 'gives back in a stream what came in a stream',
    async check({ storage }) {
      await storage.writeStream('d/f', chunksOf('one ', '', 'two ', 'three'))
      assert.equal(await textAt(storage, 'd/f'), 'one two three')
      const stream = (await storage.readStream('d/f')) ?? assert.fail('nothing is there')
      assert.equal(Buffer.from(await collected(stream)).toString(), 'one two three')
      await storage.writeStream('d/empty', chunksOf())
      assert.equal((await storage.stat('d/empty'))?.size, 0)
    },
  },
  {
    name: 'replaces what was there',
    async check({ storage }) {
      await storage.write('f', bytesOf('a long text'))
      await storage.write('f', bytesOf('short'))
      assert.equal(await textAt(storage, 'f'), 'short')
      await storage.writeStream('f', chunksOf('s', 'm'))
      assert.equal(await textAt(storage, 'f'), 'sm')
    },
  },
  {
    name: 'keeps bytes of its own',
    async check({ storage }) {
      const given = bytesOf('given')
      await storage.write('f', given)
      given.fill(0)
      const read = (await storage.read('f')) ?? assert.fail('nothing is there')
      read.fill(0)
      assert.equal(await textAt(storage, 'f'), 'given')
    },
  },
  {
    name: 'says the same of everything that is missing',
    async check({ storage }) {
      await write(storage, 'd/f')
      for (const path of ['missing', 'd/missing', 'missing/f', 'd', 'd/f/below']) {
        assert.equal(await storage.read(path), undefined, `read ${path}`)
        assert.equal(await storage.readStream(path), undefined, `readStream ${path}`)
        assert.equal(await storage.stat(path), undefined, `stat ${path}`)
        assert.equal(await storage.exists(path), false, `exists ${path}`)
        assert.equal(await storage.remove(path), false, `remove ${path}`)
      }
      for (const directory of ['missing', 'd/missing', 'd/f']) {
        assert.deepEqual(await storage.list(directory), [], `list ${directory}`)
        assert.deepEqual(await storage.listDirectories(directory), [], `listDirectories ${directory}`)
      }
      assert.equal(await textAt(storage, 'd/f'), 'd/f', 'what was there is gone')
    },
  },
  {
    name: 'removes',
    async check({ storage }) {
      await write(storage, 'd/e/f', 'g')
      assert.equal(await storage.remove('d/e/f'), true)
      assert.equal(await storage.read('d/e/f'), undefined)
      assert.equal(await storage.exists('d/e/f'), false)
      assert.equal(await storage.remove('d/e/f'), false)
      assert.equal(await textAt(storage, 'g'), 'g')
      await write(storage, 'd/e/f')
      assert.equal(await textAt(storage, 'd/e/f'), 'd/e/f')
    },
  },
  {
    name: 'knows a file by every way to write its path',
    async check({ storage }) {
      for (const path of ['./d/f', 'd//f', 'x/../d/f', '/d/f']) {
        await storage.write(path, bytesOf(path))
        assert.equal(await textAt(storage, 'd/f'), path)
        assert.equal(await textAt(storage, path), path)
        assert.equal((await storage.stat(path))?.name, 'd/f')
        assert.equal(storage.fullPath(path), storage.fullPath('d/f'))
      }
      assert.deepEqual(await namesIn(storage, './x/../d/'), ['d/f'])
    },
  },
  {
    name: 'refuses a path that leaves the root, or is none',
    async check({ storage }) {
      const error = { code: 'INVALID_OPTION' }
      for (const path of ['../f', 'd/../../f', '', '.', 'a\0b', '\ud800']) {
        await assert.rejects(async () => storage.write(path, bytesOf('x')), error, `write ${JSON.stringify(path)}`)
        await assert.rejects(async () => storage.writeStream(path, chunksOf('x')), error, `writeStream ${JSON.stringify(path)}`)
        await assert.rejects(async () => storage.create(path, bytesOf('x')), error, `create ${JSON.stringify(path)}`)
        await assert.rejects(async () => storage.read(path), error, `read ${JSON.stringify(path)}`)
        await assert.rejects(async () => storage.remove(path), error, `remove ${JSON.stringify(path)}`)
      }
      await assert.rejects(async () => storage.list('..'), error, 'list')
      await assert.rejects(async () => storage.listDirectories('d/../..'), error, 'listDirectories')
      assert.deepEqual([...(await namesIn(storage, '')), ...(await storage.listDirectories(''))], [])
    },
  },
]
