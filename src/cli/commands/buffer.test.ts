import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Batch, metrics } from '../../core/batch.ts'
import { batchRecords } from '../../core/batch-records.ts'
import { createContext } from '../../core/context.ts'
import { retry } from '../../core/result.ts'
import { series } from '../../core/series.ts'
import { BufferedExporter, type DiskBufferOptions } from '../../delivery/buffered.ts'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { main } from '../main.ts'

const key = '5e'.repeat(32)

/** The folder of a buffer in which 300 points wait, 10 an entry; with what it takes to end its process. */
async function filled(t: TestContext, given: Partial<DiskBufferOptions<Date, Batch>> = {}) {
  const directory = join(temporaryFolder(t), 'buffer')
  const down = { name: 'out', export: async () => retry(new Error('down'), { scope: 'destination' }) }
  const buffer = new BufferedExporter<Date, Batch>(down, { type: 'disk', directory, records: batchRecords, segmentBytes: 2000, ...given })
  const context = createContext()
  for (let n = 0; n < 30; n++) {
    const points = Array.from({ length: 10 }, (_, index) => ({ series: series('load', { core: `${index}` }), timeMs: n, value: n / 7 }))
    assert.equal((await buffer.export(new Date(n), metrics(points), context)).status, 'ok')
  }
  return { directory, stop: () => buffer.stop({ ...context, signal: AbortSignal.abort() }) }
}

async function left(t: TestContext, given: Partial<DiskBufferOptions<Date, Batch>> = {}): Promise<string> {
  const { directory, stop } = await filled(t, given)
  await stop()
  return directory
}

/** One command in this process. */
async function run(t: TestContext, ...args: readonly string[]) {
  const said = { output: '', errors: '' }
  const mocks = (['output', 'errors'] as const).map((name) => {
    const stream = name === 'output' ? process.stdout : process.stderr
    const original = stream.write.bind(stream)
    return t.mock.method(stream, 'write', (part: string | Uint8Array) => {
      if (typeof part !== 'string') return original(part)
      said[name] += part
      return true
    })
  })
  const code = await main(['buffer', ...args]).finally(() => {
    for (const { mock } of mocks) mock.restore()
  })
  return { code, ...said }
}

const contents = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => [it.name, readFileSync(join(it.parentPath, it.name), 'hex')])

const segmentsIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.segment'))
    .toSorted()

/** Flips a bit in the middle of a segment. */
function damage(folder: string, name: string): void {
  const bytes = readFileSync(join(folder, name))
  bytes[bytes.length >> 1]! ^= 4
  writeFileSync(join(folder, name), bytes)
}

test('inspect tells what is in a buffer, and changes nothing', async (t) => {
  const directory = await left(t)
  const before = contents(directory)
  const { code, output } = await run(t, 'inspect', directory)
  assert.equal(code, 0)
  assert.match(output, /^format +version 1$/m)
  assert.match(output, /^in use +by nobody$/m)
  assert.match(output, /^records +300 wait; 300 were accepted, the first 0 are settled$/m)
  assert.match(output, /^oldest +accepted at 20/m)
  assert.match(output, /^quarantine +empty$/m)
  assert.match(output, /^0000000001\.segment +\d+ +0 .*is delivered from$/m)
  assert.equal(output.match(/^0000000\d+\.segment/gm)?.length, segmentsIn(directory).length)
  assert.deepEqual(contents(directory), before)
})

test('inspect tells which process has it, and verify and repair leave that alone', async (t) => {
  const { directory, stop } = await filled(t)
  const { code, output } = await run(t, 'inspect', directory)
  assert.equal(code, 0)
  assert.match(output, new RegExp(`^in use +by process ${process.pid}: `, 'm'))
  for (const command of ['verify', 'repair']) {
    const refused = await run(t, command, directory)
    assert.equal(refused.code, 1)
    assert.match(refused.errors, new RegExp(`the buffer in .* is in use by process ${process.pid}`))
  }
  await stop()
})

test('verify: 0 when everything can be read; 5 when not, with what is lost; nothing is changed', async (t) => {
  const directory = await left(t)
  const whole = await run(t, 'verify', directory)
  assert.equal(whole.code, 0)
  assert.match(whole.output, /^Everything that waits can be read\.$/m)
  damage(directory, segmentsIn(directory)[1]!)
  const before = contents(directory)
  const damaged = await run(t, 'verify', directory)
  assert.equal(damaged.code, 5)
  assert.match(damaged.output, /^ {2}0000000002\.segment at \d+: no whole frame$/m)
  assert.match(damaged.output, /^10 of 300 records cannot be read\./m)
  assert.deepEqual(contents(directory), before)
})

test('repair does what starting would: a torn end is cut off, damaged bytes are put aside, nothing else is changed', async (t) => {
  const directory = await left(t)
  const [, second, third] = segmentsIn(directory)
  const last = segmentsIn(directory).at(-1)!
  damage(directory, second!)
  const bytes = readFileSync(join(directory, last))
  writeFileSync(join(directory, last), bytes.subarray(0, bytes.length - 5))
  const kept = readFileSync(join(directory, third!), 'hex')
  const { code, output } = await run(t, 'repair', directory)
  assert.equal(code, 0)
  assert.match(output, /the end of a segment is torn/)
  assert.match(output, /^20 of 300 records cannot be read\./m)
  assert.match(output, /^quarantine +.* in 1 file$/m)
  assert.equal(readFileSync(join(directory, third!), 'hex'), kept)
  assert.ok(readFileSync(join(directory, last)).length < bytes.length - 5)
  assert.ok(!readdirSync(directory).includes('lock'))
  const again = await run(t, 'verify', directory)
  assert.equal(again.code, 5)
  assert.doesNotMatch(again.output, /torn/)
})

test('an encrypted buffer: what can be known without the key is shown; verify wants the key', async (t) => {
  const directory = await left(t, { encryptionKey: key, compress: true })
  const keyFile = join(temporaryFolder(t), 'key')
  writeFileSync(keyFile, `${key}\n`)
  const seen = await run(t, 'inspect', directory)
  assert.match(seen.output, /^format +version 2$/m)
  assert.match(seen.output, /^0000000001\.segment .*is delivered from, encrypted$/m)
  const records = [...seen.output.matchAll(/^\d{10}\.segment +(\d+)/gm)].map(([, count]) => Number(count))
  assert.equal(
    records.reduce((sum, count) => sum + count, 0),
    300,
  )
  const refused = await run(t, 'verify', directory)
  assert.equal(refused.code, 1)
  assert.match(refused.errors, /the buffer is encrypted, and no key is given/)
  const { code, output } = await run(t, 'verify', directory, '--key-file', keyFile)
  assert.equal(code, 0, output)
  assert.match(output, /^Everything that waits can be read\.$/m)
})

test('as JSON it is the same', async (t) => {
  const directory = await left(t)
  const { output } = await run(t, 'verify', directory, '--json')
  const { pending, done, damage, lost, segments } = JSON.parse(output)
  assert.deepEqual({ pending, done, damage, lost }, { pending: 300, done: 0, damage: [], lost: 0 })
  assert.equal(segments[0].file, '0000000001.segment')
})

test('where there is no buffer, it says so and where to look', async (t) => {
  const folder = join(temporaryFolder(t), 'empty')
  mkdirSync(folder)
  for (const directory of [folder, join(folder, 'missing')]) {
    const { code, errors } = await run(t, 'inspect', directory)
    assert.equal(code, 1)
    assert.match(errors, /there is no buffer in .*; those of an agent are in <data dir>\/buffers/)
    assert.deepEqual(readdirSync(folder), [])
  }
})
