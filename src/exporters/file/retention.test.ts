import assert from 'node:assert/strict'
import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from './folder.fixture.ts'
import { retain } from './retention.ts'

const hour = 3_600_000
const nowMs = Date.UTC(2026, 7, 2, 10)

/** Five files of 100 bytes, own-0 written now, own-1 an hour ago and so on, and things that are not files of the exporter. */
async function fillFolder(t: TestContext) {
  const directory = await temporaryFolder(t)
  for (const name of ['own-0', 'own-1', 'own-2', 'own-3', 'own-4', 'other-9']) {
    await writeFile(join(directory, name), Buffer.alloc(100))
    await utimes(join(directory, name), 0, (nowMs - Number(name.at(-1)) * hour) / 1000)
  }
  await mkdir(join(directory, 'own-7'))
  await symlink(join(directory, 'other-9'), join(directory, 'own-8'))
  return directory
}

const run = async (directory: string, limits: { maxAgeMs?: number; maxTotalBytes?: number }, inUse: readonly string[] = []) => {
  const { maxAgeMs, maxTotalBytes } = limits
  const given = { maxAgeMs, maxTotalBytes, directory, owns: (name: string) => name.startsWith('own'), inUse: new Set(inUse), nowMs }
  const deleted = await Array.fromAsync(retain(given))
  const left = await readdir(directory)
  assert.ok(['other-9', 'own-7', 'own-8'].every((name) => left.includes(name)))
  return deleted.map(({ path }) => basename(path))
}

test('nothing is deleted unless asked for', async (t) => {
  assert.deepEqual(await run(await fillFolder(t), {}), [])
})

test('files older than the age go, those in use stay', async (t) => {
  const directory = await fillFolder(t)
  assert.deepEqual(await run(directory, { maxAgeMs: 2 * hour }, [join(directory, 'own-4')]), ['own-3'])
})

test('the oldest go until the rest is within the size; files in use count and stay', async (t) => {
  const directory = await fillFolder(t)
  assert.deepEqual(await run(directory, { maxTotalBytes: 350 }, [join(directory, 'own-4')]), ['own-3', 'own-2'])
  assert.deepEqual(await run(directory, { maxTotalBytes: 300 }), [])
})
