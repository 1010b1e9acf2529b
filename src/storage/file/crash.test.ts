import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { FileStorage } from './file.ts'

/** A process with a FileStorage `storage` in the folder. */
const run = (directory: string, program: string): ChildProcess => {
  const module = JSON.stringify(new URL('./file.ts', import.meta.url).href)
  const source = `import { FileStorage } from ${module}\nconst storage = new FileStorage(${JSON.stringify(directory)})\n${program}`
  return spawn(process.execPath, ['--conditions=waybill-source', '--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

test('000-17 kill -9 in the middle of a write leaves the old content whole, and nothing to be seen of the new', async (t) => {
  const directory = temporaryFolder(t)
  const storage = new FileStorage(directory)
  await storage.write('d/f', Buffer.from('the old content'))
  const child = run(
    directory,
    `async function* endless() {
       yield new Uint8Array(1_000_000)
       process.stdout.write('half\\n')
       await new Promise(() => setInterval(() => {}, 1000))
     }
     await storage.writeStream('d/f', endless())`,
  )
  await once(child.stdout!, 'data')
  assert.equal(readdirSync(`${directory}/d`).length, 2, 'the writer writes under another name')
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(Buffer.from((await storage.read('d/f'))!).toString(), 'the old content')
  assert.deepEqual(
    (await storage.list('d')).map(({ name }) => name),
    ['d/f'],
  )
})

test('000-17 kill -9 at any moment leaves one whole content, no older than what was acknowledged', async (t) => {
  const directory = temporaryFolder(t)
  const child = run(
    directory,
    `for (let n = 1; ; n++) {
       await storage.write('f', Buffer.from(String(n).padStart(8) .repeat(50_000)))
       process.stdout.write(n + '\\n')
     }`,
  )
  let acknowledged = 0
  for await (const chunk of child.stdout!) {
    acknowledged = Number(String(chunk).trimEnd().split('\n').at(-1))
    if (acknowledged >= 20) child.kill('SIGKILL')
  }
  const content = Buffer.from((await new FileStorage(directory).read('f'))!).toString()
  const n = Number(content.slice(0, 8))
  assert.ok(content === content.slice(0, 8).repeat(50_000), 'the content is of two writes, or cut off')
  assert.ok(n >= acknowledged, `${n} is there, and ${acknowledged} was acknowledged`)
})
