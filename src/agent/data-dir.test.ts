import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { claimDataDir, readAgentFile, releaseDataDir, writeAgentFile } from './data-dir.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-data-dir-'))
})
after(() => rmSync(folder, { recursive: true }))

test('is made, says who has it, and is given up again', async () => {
  const dataDir = join(folder, 'new', 'one')
  await claimDataDir(dataDir)
  writeAgentFile(dataDir, { pid: process.pid, api: 'http://127.0.0.1:1' })
  assert.deepEqual(readAgentFile(dataDir), { pid: process.pid, api: 'http://127.0.0.1:1' })
  releaseDataDir(dataDir)
  releaseDataDir(dataDir)
  assert.equal(readAgentFile(dataDir), undefined)
})

test('an agent that runs keeps others out', async () => {
  const dataDir = join(folder, 'taken')
  await claimDataDir(dataDir)
  const agent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'waybill'])
  await once(agent, 'spawn')
  writeAgentFile(dataDir, { pid: agent.pid! })
  await assert.rejects(claimDataDir(dataDir), { code: 'DATA_DIR_IN_USE' })
  agent.kill('SIGKILL')
  await once(agent, 'exit')
  await claimDataDir(dataDir)
})

test('a number that another program has now, or no process, or half a file, keeps nobody out', {
  skip: process.platform !== 'linux' && 'only Linux tells what a process is',
}, async () => {
  const dataDir = join(folder, 'stale')
  await claimDataDir(dataDir)
  writeAgentFile(dataDir, { pid: 1 })
  await claimDataDir(dataDir)
  writeFileSync(join(dataDir, 'agent.json'), '{"pi')
  await claimDataDir(dataDir)
})

test('a place that cannot be written to is told with what to do', async () => {
  writeFileSync(join(folder, 'file'), '')
  await assert.rejects(claimDataDir(join(folder, 'file', 'below')), {
    code: 'DESTINATION_UNAVAILABLE',
    hint: 'choose another one with --data-dir',
  })
})
