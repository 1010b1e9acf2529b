import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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

test('an agent that runs keeps others out and is named; one that was killed does not', async (t) => {
  const dataDir = join(folder, 'taken')
  const script = `
    const { claimDataDir } = await import(${JSON.stringify(new URL('./data-dir.ts', import.meta.url).href)})
    await claimDataDir(process.argv[1])
    process.send('claimed')
    setInterval(() => {}, 1000)`
  const flags = ['--conditions=waybill-source', '--input-type=module', '-e', script, dataDir]
  const agent = spawn(process.execPath, flags, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  t.after(() => agent.kill('SIGKILL'))
  await once(agent, 'message')
  await assert.rejects(claimDataDir(dataDir), {
    code: 'DATA_DIR_IN_USE',
    message: `another agent (process ${agent.pid}) uses ${dataDir}`,
  })
  releaseDataDir(dataDir)
  assert.equal(readAgentFile(dataDir)?.pid, agent.pid, 'who was refused takes nothing away')
  agent.kill('SIGKILL')
  await once(agent, 'exit')
  await claimDataDir(dataDir)
  assert.equal(readAgentFile(dataDir)?.pid, process.pid)
  releaseDataDir(dataDir)
})

test('of two that start at once in one process, one has it', async () => {
  const dataDir = join(folder, 'raced')
  const tries = await Promise.allSettled([claimDataDir(dataDir), claimDataDir(dataDir)])
  assert.deepEqual(tries.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  releaseDataDir(dataDir)
  await claimDataDir(dataDir)
  releaseDataDir(dataDir)
})

test('what an agent that was killed left behind keeps nobody out', async () => {
  const dataDir = join(folder, 'stale')
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'agent.json'), '{"pi')
  writeFileSync(join(dataDir, 'agent.lock'), '{"pi')
  await claimDataDir(dataDir)
  assert.equal(readAgentFile(dataDir)?.pid, process.pid)
  releaseDataDir(dataDir)
})

test('a place that cannot be written to is told with what to do', async () => {
  writeFileSync(join(folder, 'file'), '')
  await assert.rejects(claimDataDir(join(folder, 'file', 'below')), {
    code: 'DESTINATION_UNAVAILABLE',
    hint: 'choose another one with --data-dir',
  })
})
