import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { waybillCommand } from './command.fixture.ts'
import { filesOf, unpack } from './markdown.fixture.ts'

const blocks = filesOf('docs/guide/write-an-exporter.md')
let folder: string

before(() => {
  folder = unpack(blocks)
})
after(() => rmSync(folder, { recursive: true }))

test('002-39 the exporter of the guide is one file of at most 20 lines', () => {
  const lines = blocks.get('post-lines.ts')!.trimEnd().split('\n')
  assert.ok(lines.length <= 20, `${lines.length} lines`)
})

test('002-39 it passes the contract suite, by the test that the guide shows', () => {
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined }
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--conditions=waybill-source', '--test', '--test-reporter=tap', join(folder, 'post-lines.test.ts')],
    { encoding: 'utf8', env },
  )
  assert.equal(status, 0, stdout)
  assert.match(stdout, /^# pass [1-9]\d/m)
})

test('002-39 named in plugins: it delivers this machine’s metrics', async () => {
  const received: string[] = []
  const server = createServer(async (request, response) => {
    received.push(...(await text(request)).trimEnd().split('\n'))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const config = join(folder, 'lines.yaml')
  const yaml = blocks.get('lines.yaml')!.replace(':8099/', `:${(server.address() as AddressInfo).port}/`)
  writeFileSync(config, `api: { listen: "127.0.0.1:0" }\n${yaml}`)
  try {
    const args = ['run', config, '--for', '1500ms', '--data-dir', join(folder, 'data')]
    const { code, stdout, stderr } = await waybillCommand(args)
    assert.equal(code, 0, stderr)
    assert.match(stdout, new RegExp(`^lines +${received.length} +${received.length} `, 'm'))
  } finally {
    server.closeAllConnections()
    server.close()
  }
  assert.match(received[0]!, /^system\.\S+ [\d.]+ [\d.]+$/)
})
