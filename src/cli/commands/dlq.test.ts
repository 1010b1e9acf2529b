import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Command } from 'commander'
import fastify from 'fastify'
import { claimDataDir, releaseDataDir, writeAgentFile } from '../../agent/data-dir.ts'
import { WaybillError } from '../../core/errors.ts'
import { ok } from '../../core/result.ts'
import { deadLetterRoutes } from '../../dead-letters/routes.ts'
import { because, storeFor } from '../../dead-letters/store.fixture.ts'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { progressText } from './dlq.ts'
import { dlqCommand } from './dlq-command.ts'
import { told } from './printed.fixture.ts'

/** Runs `waybill dlq …` in this process. */
const dlq = (t: TestContext, ...args: readonly string[]) =>
  told(t, async () => {
    let code = 0
    const program = new Command()
    dlqCommand(program, (exitCode) => {
      code = exitCode
    })
    try {
      await program.parseAsync(['dlq', ...args], { from: 'user' })
    } catch (error) {
      assert.ok(error instanceof WaybillError)
      process.stderr.write(error.explain())
      code = 1
    }
    return code
  })

/** A data directory with three dead letters: two of `web`, one of `other`. */
async function withLetters(t: TestContext) {
  const dataDir = temporaryFolder(t)
  const directory = join(dataDir, 'dead-letters')
  mkdirSync(directory)
  const session = storeFor(t, { directory })
  const store = await session.open()
  await session.put(store, 2)
  await session.put(store, 1, 7, because({ exporter: 'other', reason: 'expired' }))
  return { ...session, dataDir, store }
}

test('without an agent: list, show, export and purge what is in the data directory', async (t) => {
  const { dataDir, store, context } = await withLetters(t)
  await store.stop(context)
  const { code, stdout } = await dlq(t, 'list', '--data-dir', dataDir, '--limit', '2')
  assert.equal(code, 0)
  assert.match(
    stdout,
    /^id +exporter +reason +attempts +given up +signal +error\n1-0 +web +rejected +2 +2026-11-21T00:00:00.000Z +metrics +status 400\n/,
  )
  assert.match(stdout, /and 1 more: see --limit\n\nexporter +written +waiting +replayed +purged\nother +1 +1 +0 +0\nweb +2 +2 +0 +0\n$/)
  const shown = await dlq(t, 'show', '1-2', '--data-dir', dataDir)
  assert.equal(JSON.parse(shown.stdout).record.value, 7)
  assert.match((await dlq(t, 'show', '9-9', '--data-dir', dataDir)).stderr, /no dead letter 9-9 waits; waybill dlq list shows/)
  const exported = await dlq(t, 'export', '--records', '--exporter', 'web', '--data-dir', dataDir)
  assert.deepEqual(
    exported.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).value),
    [0, 1],
  )
  const refused = await dlq(t, 'purge', '--data-dir', dataDir)
  assert.match(refused.stderr, /this would purge every dead letter; say which/)
  assert.equal((await dlq(t, 'purge', '--reason', 'expired', '--dry-run', '--data-dir', dataDir)).stdout, '1 dead letter would be purged\n')
  assert.equal((await dlq(t, 'purge', '--reason', 'expired', '--data-dir', dataDir)).stdout, '1 dead letter purged\n')
  assert.equal((await dlq(t, 'purge', '--reason', 'expired', '--data-dir', dataDir)).stdout, '0 dead letters purged\n')
})

test('without an agent: a replay uses the exporters of a configuration, and what feeds them does not start', async (t) => {
  const { dataDir, store, context } = await withLetters(t)
  await store.stop(context)
  const config = join(dataDir, 'waybill.yaml')
  const out = join(dataDir, 'out')
  writeFileSync(
    config,
    `exporters: [ { name: web, type: file, config: { output_directory: ${out} } } ]
sources: [ { name: host, type: system, interval: 1s } ]`,
  )
  assert.match((await dlq(t, 'replay', '--data-dir', dataDir)).stderr, /a replay needs its configuration; name it with --config/)
  const replayed = await dlq(t, 'replay', '--config', config, '--data-dir', dataDir)
  assert.equal(replayed.stdout, '2 dead letters replayed, 1 wait as before\n')
  assert.match(replayed.stderr, /there is no exporter other/)
  assert.equal(replayed.code, 1)
  const wrong = await dlq(t, 'replay', '--config', config, '--target', 'nobody', '--data-dir', dataDir)
  assert.match(wrong.stderr, /has no exporter nobody; there are web/)
  assert.equal((await dlq(t, 'replay', '--config', config, '--target', 'web', '--data-dir', dataDir)).stdout, '1 dead letter replayed\n')
  const values = readdirSync(out).flatMap((name) =>
    readFileSync(join(out, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).value),
  )
  assert.deepEqual(values.sort(), [0, 1, 7])
})

test('with an agent: the same through its API, found by its data directory', async (t) => {
  const { dataDir, store, context } = await withLetters(t)
  const app = fastify()
  t.after(() => app.close())
  deadLetterRoutes(app, { store, context, exporterOf: (name) => (name === 'gone' ? undefined : { name, export: async () => ok }) })
  await claimDataDir(dataDir)
  t.after(() => releaseDataDir(dataDir))
  writeAgentFile(dataDir, { pid: process.pid, api: await app.listen({ port: 0, host: '127.0.0.1' }) })
  assert.match((await dlq(t, 'list', '--data-dir', dataDir)).stdout, /\n1-2 +other +expired/)
  assert.equal(JSON.parse((await dlq(t, 'show', '1-2', '--data-dir', dataDir)).stdout).record.value, 7)
  assert.match((await dlq(t, 'show', '9-9', '--data-dir', dataDir)).stderr, /no dead letter 9-9 waits/)
  assert.match((await dlq(t, 'replay', '--target', 'gone', '--data-dir', dataDir)).stderr, /there is no exporter gone/)
  assert.equal((await dlq(t, 'replay', '--exporter', 'web', '--data-dir', dataDir)).stdout, '2 dead letters replayed\n')
  assert.equal((await dlq(t, 'purge', '--all', '--data-dir', dataDir)).stdout, '1 dead letter purged\n')
  assert.deepEqual(
    store.figures().map(({ waiting }) => waiting),
    [0, 0],
  )
})

test('what cannot be meant, and a data directory that is not there, are told', async (t) => {
  const dataDir = join(temporaryFolder(t), 'missing')
  assert.match((await dlq(t, 'list', '--data-dir', dataDir)).stderr, /there is no data directory .*missing; name another/)
  assert.match((await dlq(t, 'list', '--reason', 'bad', '--data-dir', dataDir)).stderr, /"bad" is no reason; there are rejected/)
  assert.match((await dlq(t, 'list', '--from', 'noon', '--data-dir', dataDir)).stderr, /"noon" is not a time/)
  assert.match((await dlq(t, 'replay', '--rate', '0', '--data-dir', dataDir)).stderr, /--rate takes a whole number from 1/)
})

test('the progress line fills up', () => {
  assert.equal(progressText({ matched: 4, replayed: 1, failed: 1 }, 2400), 'replayed ████████████░░░░░░░░░░░░ 1/4, 1 failed, 2s')
  assert.equal(progressText({ matched: 0, replayed: 0, failed: 0 }, 0), 'replayed ████████████████████████ 0/0, 0ms')
})
