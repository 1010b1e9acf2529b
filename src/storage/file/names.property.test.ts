import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { test } from 'node:test'
import fc from 'fast-check'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { filePath } from '../../sdk.ts'
import { FileStorage } from './file.ts'

const part = fc.oneof(
  fc.constantFrom('', '.', '..', '\0', '\ud800', 'x'.repeat(300), '🙂'.repeat(60), '\\', '..\\..', ' ', '~', 'C:', '*', '\n'),
  fc.string({ unit: 'grapheme', maxLength: 50 }),
)

test('000-17 whatever its path, a file is refused, or lies in the folder and is listed and read back', async (t) => {
  const folder = temporaryFolder(t)
  const storage = new FileStorage(join(folder, 'root'))
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
      const path = parts.join('/')
      const bytes = Buffer.from(path)
      try {
        await storage.write(path, bytes)
      } catch (thrown) {
        assert.equal((thrown as { code?: string }).code, 'INVALID_OPTION', String(thrown))
        return
      }
      const name = filePath(path)
      const directory = dirname(name)
      assert.deepEqual(
        (await storage.list(directory)).map((info) => info.name),
        [name],
      )
      assert.ok(bytes.equals((await storage.read(path))!))
      assert.equal(await storage.remove(path), true)
      assert.deepEqual(await storage.listDirectories(''), [])
      assert.deepEqual(readdirSync(folder), ['root'])
    }),
  )
})
