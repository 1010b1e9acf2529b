import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { process as processOn } from './damaged.fixture.ts'
import { realFiles } from './file-layer.ts'

const onlyLinux = { skip: process.platform !== 'linux' && 'only Linux tells when a process began' }

test(
  'what a dead process left locked is taken over: a pid that is gone, one that is another by now, a lock that is cut short',
  onlyLinux,
  async (t) => {
    const started = readFileSync(`/proc/${process.pid}/stat`, 'latin1').split(' ')[21]
    const left = [{ pid: 2 ** 22 + 1 }, { pid: process.pid, started: `another boot/${started}` }, { pid: 1, started: 'long ago' }, {}]
    for (const lock of [...left.map((owner) => JSON.stringify(owner)), '{"pi', '']) {
      const directory = join(temporaryFolder(t), 'buffer')
      mkdirSync(directory)
      writeFileSync(join(directory, 'lock'), lock)
      writeFileSync(join(directory, 'lock.1234-0'), lock)
      const it = processOn(realFiles, { up: true, directory })
      await it.start()
      assert.equal((await it.put(1)).status, 'ok')
      await it.flush()
      await it.stop()
      assert.deepEqual(it.delivered, [1])
      assert.deepEqual(it.told, [])
      assert.ok(!readdirSync(directory).includes('lock'))
    }
  },
)

test('of many that find what a dead process left, one gets it and the others are told', onlyLinux, async (t) => {
  const directory = join(temporaryFolder(t), 'buffer')
  mkdirSync(directory)
  writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: 1, started: 'long ago' }))
  const rivals = Array.from({ length: 8 }, () => processOn(realFiles, { up: true, directory }))
  const started = await Promise.allSettled(rivals.map((it) => it.start()))
  const lost = started.flatMap((it) => (it.status === 'rejected' ? [it.reason.code] : []))
  assert.deepEqual(lost, Array(7).fill('BUFFER_IN_USE'))
  for (const it of rivals) await it.stop()
})
