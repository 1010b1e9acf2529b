import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { filePath } from '../../sdk.ts'
import { character } from '../../testing/character.fixture.ts'
import { gcsOptions, serveGcs } from '../gcs/gcs.fixture.ts'
import { GcsStorage } from '../gcs/gcs.ts'
import { s3Options, serveS3 } from '../s3/s3.fixture.ts'
import { S3Storage } from '../s3/s3.ts'

const isFile = (name: string): boolean => {
  try {
    return filePath(name) === name
  } catch {
    return false
  }
}
const part = fc.string({ unit: character, minLength: 1, maxLength: 20 })
const names = fc
  .array(part, { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'))
  .filter((name) => isFile(name) && !/[\r\n]/.test(name))

const services = [
  { name: 's3', serve: serveS3, open: (url: string) => new S3Storage(s3Options(url)) },
  { name: 'gcs', serve: serveGcs, open: (url: string) => new GcsStorage(gcsOptions(url)) },
] as const

for (const { name, serve, open } of services)
  test(`000-18 ${name}: what is written under any name is listed and read back under it, and is an object of that key`, async (t) => {
    const service = await serve()
    t.after(() => service.close())
    const storage = open(service.url)
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        await storage.write(name, Buffer.from(name))
        assert.deepEqual([...service.objects.keys()], [name])
        assert.equal(Buffer.from((await storage.read(name))!).toString(), name)
        const directory = name.split('/').slice(0, -1).join('/')
        assert.deepEqual(
          (await storage.list(directory)).map((info) => info.name),
          [name],
        )
        const above = directory.split('/').slice(0, -1).join('/')
        assert.deepEqual(await storage.listDirectories(above), directory === '' ? [] : [directory])
        assert.equal(await storage.remove(name), true)
      }),
      { numRuns: 30 },
    )
  })
