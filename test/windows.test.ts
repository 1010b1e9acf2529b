import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startAgent } from '../src/testing/agent-process.ts'
import { waybillCommand } from './command.fixture.ts'

const seconds = `import { defineSource, metrics, series } from 'waybill/sdk'
export default defineSource({
  type: 'seconds', summary: 'A point for every second that is over.', signals: ['metrics'],
  create: ({ name }) => ({
    name,
    make: () => undefined,
    canCompute: ({ end }) => end.getTime() <= Date.now(),
    compute: async ({ start, end }) => metrics([{ series: series('second', { ms: String(end - start) }), timeMs: start.getTime(), value: start.getTime() / 1000 }]),
  }),
})
`

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-windows-'))
  writeFileSync(join(folder, 'seconds.ts'), seconds)
})
after(() => rmSync(folder, { recursive: true }))

const config = `
api: { listen: "127.0.0.1:0" }
plugins: [ ./seconds.ts ]
sources: [ { type: seconds, interval: 100ms, windows: [1s, 2s] } ]
exporters: [ { type: file } ]
`

function valuesIn(dataDir: string, ms: string): number[] {
  return readdirSync(dataDir)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(dataDir, file), 'utf8').split('\n').slice(0, -1)) // without a line that is being written, or was when it was killed
    .map((line) => JSON.parse(line) as { value: number; labels: { ms: string } })
    .filter(({ labels }) => labels.ms === ms)
    .map(({ value }) => value)
}

test('000-26 000-38 windows of a source: each that closes is exported, also those that closed while no agent ran', async () => {
  const path = join(folder, 'windows.yaml')
  writeFileSync(path, config)
  const dataDir = join(folder, 'data')
  const first = await startAgent({ config: path, dataDir })
  await first.until(async () => valuesIn(dataDir, '1000').length >= 2)
  first.signal('SIGKILL')
  await first.exited
  const last = valuesIn(dataDir, '1000').at(-1)!
  const back = Date.now() + 2100
  while (Date.now() < back) await new Promise((resolve) => setTimeout(resolve, 50))
  const second = await startAgent({ config: path, dataDir })
  await second.until(async () => valuesIn(dataDir, '1000').at(-1)! >= last + 4)
  second.signal('SIGTERM')
  assert.equal((await second.exited).code, 0)
  for (const [ms, step] of [
    ['1000', 1],
    ['2000', 2],
  ] as const) {
    const values = [...new Set(valuesIn(dataDir, ms))].sort((a, b) => a - b)
    assert.deepEqual(
      values,
      values.map((_, index) => values[0]! + index * step),
      'without a gap',
    )
  }
})

test('a source that does not compute over spans of time is told of', async () => {
  const path = join(folder, 'wrong.yaml')
  writeFileSync(path, 'sources: [ { type: system, windows: [1h] } ]\nexporters: [ { type: file } ]\n')
  const { code, stderr } = await waybillCommand(['run', path, '--for', '1s', '--data-dir', join(folder, 'wrong')])
  assert.equal(code, 1)
  assert.match(stderr, /the source system does not compute over spans of time; leave windows out/)
})
