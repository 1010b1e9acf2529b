import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startAgent } from '../src/testing/agent-process.ts'
import { waybillCommand } from './command.fixture.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-diagnose-'))
})
after(() => rmSync(folder, { recursive: true }))

test('000-30 diagnose looks at the machine and at every destination, and exits 1 when one is out of reach', async (t) => {
  let requests = 0
  const server = createServer((_request, response) => {
    requests++
    response.end()
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const path = join(folder, 'diagnose.yaml')
  const there = `  - { name: there, type: http, config: { endpoint: "http://127.0.0.1:${port}/" } }\n`
  writeFileSync(path, `exporters:\n  - { name: files, type: file }\n${there}`)
  const fine = await waybillCommand(['diagnose', path, '--data-dir', join(folder, 'fine')])
  assert.equal(fine.code, 0, fine.stderr + fine.stdout)
  assert.match(fine.stdout, /^destinations +there +fine /m)
  assert.equal(requests, 0, 'nothing is sent')

  writeFileSync(path, `exporters:\n${there}  - { name: gone, type: http, config: { endpoint: "http://127.0.0.1:1/" } }\n`)
  const wrong = await waybillCommand(['diagnose', path, '--json', '--data-dir', join(folder, 'wrong')])
  assert.equal(wrong.code, 1)
  const { results } = JSON.parse(wrong.stdout) as { results: { name: string; error?: string }[] }
  assert.equal(results.find(({ name }) => name === 'gone')?.error, 'cannot connect to 127.0.0.1: ECONNREFUSED')
  assert.equal(results.find(({ name }) => name === 'there')?.error, undefined)
})

test('000-39 the agent exports its diagnostics on a schedule, the health of its exporters among them', async () => {
  const path = join(folder, 'scheduled.yaml')
  writeFileSync(
    path,
    `
api: { listen: "127.0.0.1:0" }
sources: [ { type: diagnostics, interval: 500ms } ]
exporters:
  - { name: files, type: file, config: { output_directory: "${folder}/out" } }
  - { name: gone, type: http, config: { endpoint: "http://127.0.0.1:1/" }, retry: { max_retries: 0 } }
`,
  )
  const agent = await startAgent({ config: path, dataDir: join(folder, 'scheduled') })
  const lines = () =>
    readdirSync(join(folder, 'out')).flatMap((file) =>
      readFileSync(join(folder, 'out', file), 'utf8')
        .trimEnd()
        .split('\n'),
    )
  await agent.until(async () => lines().some((line) => line.includes('exporters: gone is')))
  assert.ok(lines().some((line) => line.includes('disk: nothing is wrong')))
  agent.signal('SIGKILL')
  await agent.exited
})
