/** What is written is there whole or not at all. */
import assert from 'node:assert/strict'
import { bytesOf, chunksOf, collected, namesIn, type StorageCase, textAt, write } from './case.ts'

export const wholenessCases: readonly StorageCase[] = [
  {
    name: 'shows a reader the old content or the new',
    async check({ storage }) {
      const contents = ['a', 'b'].map((letter) => bytesOf(letter.repeat(letter === 'a' ? 400_000 : 300_000)))
      await storage.write('d/f', contents[0]!)
      let done = false
      const writing = (async () => {
        for (let n = 1; n <= 16; n++) {
          const content = contents[n % 2]!
          await (n % 4 < 2 ? storage.write('d/f', content) : storage.writeStream('d/f', inPieces(content)))
        }
      })().finally(() => {
        done = true
      })
      while (!done) {
        const bytes = Buffer.from((await storage.read('d/f')) ?? assert.fail('nothing was there for a moment'))
        assert.ok(
          contents.some((content) => bytes.equals(content)),
          `a reader saw ${bytes.length} bytes that nobody wrote`,
        )
        const stream = (await storage.readStream('d/f')) ?? assert.fail('nothing was there for a moment')
        const streamed = Buffer.from(await collected(stream))
        assert.ok(
          contents.some((content) => streamed.equals(content)),
          `a stream gave ${streamed.length} bytes that nobody wrote`,
        )
        assert.deepEqual(await namesIn(storage, 'd'), ['d/f'], 'what is being written shows')
      }
      await writing
    },
  },
  {
    name: 'leaves everything as it was when a stream breaks off',
    async check({ storage }) {
      await write(storage, 'd/f')
      const broken = new Error('the stream broke off')
      for (const path of ['d/f', 'd/new', 'new/f']) await assert.rejects(storage.writeStream(path, failing(broken)), broken)
      assert.equal(await textAt(storage, 'd/f'), 'd/f')
      assert.deepEqual(await namesIn(storage, 'd'), ['d/f'])
      assert.equal(await storage.exists('new/f'), false)
      assert.deepEqual(await storage.listDirectories(''), ['d'])
    },
  },
  {
    name: 'writes nothing for a caller that no longer waits',
    async check({ storage }) {
      await write(storage, 'd/f')
      const options = { signal: AbortSignal.abort() }
      await assert.rejects(storage.write('d/f', bytesOf('late'), options))
      await assert.rejects(storage.writeStream('d/f', chunksOf('late'), options))
      await assert.rejects(storage.create('d/new', bytesOf('late'), options))
      await assert.rejects(storage.remove('d/f', options))
      const leaving = new AbortController()
      await assert.rejects(storage.writeStream('d/f', lastWords(leaving), { signal: leaving.signal }))
      assert.equal(await textAt(storage, 'd/f'), 'd/f')
      assert.deepEqual(await namesIn(storage, 'd'), ['d/f'])
    },
  },
  {
    name: 'creates only where nothing is',
    async check({ storage }) {
      assert.equal(await storage.create('d/f', bytesOf('first')), true)
      assert.equal(await storage.create('d/f', bytesOf('second')), false)
      assert.equal(await textAt(storage, 'd/f'), 'first')
      await storage.remove('d/f')
      const texts = Array.from({ length: 10 }, (_, n) => `writer ${n} `.repeat(1000))
      const created = await Promise.all(texts.map((text) => storage.create('d/f', bytesOf(text))))
      assert.deepEqual(created.filter(Boolean), [true], 'of several at once, one creates')
      assert.equal(await textAt(storage, 'd/f'), texts[created.indexOf(true)])
    },
  },
  {
    name: 'shows a reader nothing of what is being created, or all of it',
    async check({ storage }) {
      const content = bytesOf('created '.repeat(50_000))
      for (let n = 0; n < 20; n++) {
        let done = false
        const creating = storage.create(`d/${n}`, content).finally(() => {
          done = true
        })
        while (!done) {
          const bytes = await storage.read(`d/${n}`)
          assert.ok(bytes === undefined || Buffer.from(content).equals(bytes), `a reader saw ${bytes?.length} bytes of ${content.length}`)
        }
        assert.equal(await creating, true)
      }
    },
  },
  {
    name: 'keeps everything of many writers',
    async check({ storage }) {
      const paths = Array.from({ length: 20 }, (_, n) => `d/${n % 4}/${n}`)
      await Promise.all(paths.map((path) => storage.write(path, bytesOf(path))))
      for (const path of paths) assert.equal(await textAt(storage, path), path)
      await Promise.all(paths.map((path) => storage.remove(path)))
      assert.deepEqual(await storage.listDirectories(''), [])
    },
  },
]

async function* inPieces(content: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < content.length; at += 64_000) yield content.subarray(at, at + 64_000)
}

async function* failing(error: Error): AsyncIterable<Uint8Array> {
  yield bytesOf('half')
  throw error
}

/** Aborts behind its last chunk. */
async function* lastWords(leaving: AbortController): AsyncIterable<Uint8Array> {
  yield bytesOf('late')
  leaving.abort()
}
