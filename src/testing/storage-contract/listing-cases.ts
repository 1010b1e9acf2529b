/** What is listed is what is there. */
import assert from 'node:assert/strict'
import { bytesOf, namesIn, type StorageCase, textAt, write } from './case.ts'

export const listingCases: readonly StorageCase[] = [
  {
    name: 'lists what is directly in a directory, by names from the root, sorted',
    async check({ storage }) {
      await write(storage, 'd/z', 'd/a', 'd/e/f', 'd/e/g/h', 'd/b/f', 'dd/f', 'top')
      assert.deepEqual(await namesIn(storage, ''), ['top'])
      assert.deepEqual(await namesIn(storage, 'd'), ['d/a', 'd/z'])
      assert.deepEqual(await namesIn(storage, 'd/'), ['d/a', 'd/z'])
      assert.deepEqual(await namesIn(storage, 'd/e/g'), ['d/e/g/h'])
      assert.deepEqual(await storage.listDirectories(''), ['d', 'dd'])
      assert.deepEqual(await storage.listDirectories('d'), ['d/b', 'd/e'])
      assert.deepEqual(await storage.listDirectories('d/e'), ['d/e/g'])
      assert.deepEqual(await storage.listDirectories('dd'), [])
    },
  },
  {
    name: 'tells the same of a file in a list as by itself',
    async check({ storage }) {
      await storage.write('d/f', bytesOf('12345'))
      const [listed] = await storage.list('d')
      assert.deepEqual(listed, await storage.stat('d/f'))
      assert.deepEqual([listed?.name, listed?.size, Number.isFinite(listed?.modifiedMs)], ['d/f', 5, true])
    },
  },
  {
    name: 'lists nothing that was removed',
    async check({ storage }) {
      await write(storage, 'd/a', 'd/b', 'e/f')
      await storage.remove('d/a')
      await storage.remove('e/f')
      assert.deepEqual(await namesIn(storage, 'd'), ['d/b'])
      assert.deepEqual(await namesIn(storage, 'e'), [])
      assert.deepEqual(await storage.listDirectories(''), ['d'], 'a directory without files is none')
    },
  },
  {
    name: 'keeps any name',
    async check({ storage }) {
      const names = ['ünï/日本語', 'a b', '🙂', '%2e%2e', "it's", 'a+b&c=d?e#f', '...', '-rf', '{x}', '*', 'ä'.repeat(100)]
      await write(storage, ...names.map((name) => `any/${name}/f`))
      for (const name of names) {
        assert.equal(await textAt(storage, `any/${name}/f`), `any/${name}/f`)
        assert.deepEqual(await namesIn(storage, `any/${name}`), [`any/${name}/f`])
      }
    },
  },
  {
    name: 'lists more than a page',
    async check({ storage, pageSize }) {
      if (pageSize === undefined) return
      const names = Array.from({ length: pageSize + 1 }, (_, n) => `d/${String(n).padStart(6, '0')}`)
      while (names.length > 0) await Promise.all(names.splice(0, 50).map((name) => storage.write(name, bytesOf(name))))
      assert.equal((await storage.list('d')).length, pageSize + 1)
    },
  },
]
