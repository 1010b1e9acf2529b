import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { OpenCostClient } from './client.ts'
import type { CostQuestion } from './cost-rows.ts'
import { type ExportPlan, exportCosts, type Progress } from './export-costs.ts'
import { readJournal } from './journal.ts'
import { FileOutput, StreamOutput } from './output.ts'
import { allocation, allocationReply, answering, assetsReply, nowMs, startServer, testContext } from './server.fixture.ts'
import { stepsOf } from './steps.ts'
import { parseWindow } from './window.ts'

const question: CostQuestion = { levels: { allocations: 'container', assets: 'type' }, filterTypes: [], schema: 'v1', metadata: {} }
const replies: RequestListener = (request, response) =>
  answering(request.url!.startsWith('/assets') ? assetsReply : allocationReply)(request, response)

/** A server, a folder, and a way to export from one to the other. */
async function setUp(t: TestContext, answer: RequestListener = replies) {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-costs-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const { url, requests } = await startServer(t, answer)
  const client = new OpenCostClient({ endpoint: url, retries: 0 })
  t.after(() => client.close())
  const [a, b] = [join(folder, 'allocations'), join(folder, 'assets')]
  const { context, warnings } = testContext()
  const window = parseWindow('3h', nowMs)
  const both: ExportPlan['exports'] = [
    { type: 'allocation', output: new FileOutput(a), done: { steps: 0, rows: 0 } },
    { type: 'assets', output: new FileOutput(b), done: { steps: 0, rows: 0 } },
  ]
  const plan: ExportPlan = { question, steps: [window], concurrency: 1, format: 'jsonl', collectionTimeMs: nowMs, exports: both }
  const linesOf = (path: string) =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const run = (changes: Partial<ExportPlan> = {}) => exportCosts(client, { ...plan, ...changes }, context)
  return { folder, a, b, requests, warnings, window, plan, linesOf, run, context }
}

test('001-03 both are exported over one window, with the same metadata', async (t) => {
  const { folder, a, b, requests, linesOf, run } = await setUp(t)
  assert.deepEqual(await run({ question: { ...question, metadata: { run_id: 'r' } } }), { allocation: 1, assets: 3 })
  assert.deepEqual(readdirSync(folder).sort(), ['allocations', 'assets'])
  const rows = [...linesOf(a), ...linesOf(b)]
  assert.deepEqual(
    rows.map((row) => row._run_id),
    ['r', 'r', 'r', 'r'],
  )
  assert.deepEqual(new Set(rows.map(({ CollectionTime }) => CollectionTime)), new Set(['2026-11-21T05:38:50.250Z']))
  assert.deepEqual(
    requests.map(({ url }) => new URL(url!, 'http://a').searchParams.get('window')),
    ['3h', '3h'],
  )
})

test('001-11 idle and its sharing are asked for', async (t) => {
  const { requests, run } = await setUp(t)
  await run({ question: { ...question, includeIdle: true, shareIdle: true } })
  assert.match(requests[0]!.url!, /includeIdle=true&shareIdle=true/)
})

test('001-14 a type that no asset has is warned of, with those there are', async (t) => {
  const { warnings, run } = await setUp(t)
  await run({ question: { ...question, filterTypes: ['disk', 'ClusterIP', 'Instance'] } })
  assert.deepEqual(warnings, ['no asset is of the type ClusterIP, Instance; there are: ClusterManagement, Disk, Node'])
})

test('001-34 when one fails neither file appears, and what was there stays', async (t) => {
  const { folder, a, run } = await setUp(t, (request, response) =>
    request.url!.startsWith('/assets') ? answering('broken', 500)(request, response) : replies(request, response),
  )
  writeFileSync(a, 'old')
  await assert.rejects(run(), { message: /assets answered 500: broken/ })
  assert.deepEqual(readdirSync(folder), ['allocations'])
  assert.equal(readFileSync(a, 'utf8'), 'old')
})

test('001-34 a path that cannot be written is told', async (t) => {
  const { folder, run } = await setUp(t)
  const output = new FileOutput(join(folder, 'none', 'file'))
  await assert.rejects(run({ exports: [{ type: 'allocation', output, done: { steps: 0, rows: 0 } }] }), {
    code: 'DESTINATION_UNAVAILABLE',
    message: /cannot write .*none.file \(ENOENT\)/,
  })
})

test('a stream that breaks is told', async (t) => {
  const { run } = await setUp(t)
  const broken = new Writable({ write: (_bytes, _encoding, done) => done(Object.assign(new Error('no'), { code: 'EPIPE' })) })
  const output = new StreamOutput(broken, 'standard output')
  await assert.rejects(run({ exports: [{ type: 'allocation', output, done: { steps: 0, rows: 0 } }] }), {
    message: 'cannot write standard output (EPIPE)',
    hint: 'its reader has gone',
  })
})

test('nothing to export writes no file', async (t) => {
  for (const data of [[], [{}], [null], null]) {
    const { folder, run } = await setUp(t, answering({ code: 200, data }))
    assert.deepEqual(await run({ format: 'json' }), { allocation: 0, assets: 0 })
    assert.deepEqual(readdirSync(folder), [])
  }
})

const hour = 3_600_000

/** Answers with the start of the window as the allocation's name, in an order of its own. */
const namedByStart: RequestListener = (request, response) => {
  const [start] = new URL(request.url!, 'http://a').searchParams.get('window')!.split(',')
  const late = start!.includes('T04') ? 20 : 0
  setTimeout(() => answering({ code: 200, data: [{ [start!]: allocation }] })(request, response), late)
}

test('steps are asked for several at a time and written in their order', async (t) => {
  const { a, linesOf, window, plan, run } = await setUp(t, namedByStart)
  const told: Progress[] = []
  const steps = stepsOf(window, hour, nowMs)
  await run({ steps, concurrency: 3, exports: plan.exports.slice(0, 1), onProgress: (progress) => told.push(progress) })
  assert.deepEqual(
    linesOf(a).map(({ AllocationName }) => AllocationName),
    ['2026-11-21T03:00:00Z', '2026-11-21T04:00:00Z', '2026-11-21T05:00:00Z'],
  )
  assert.deepEqual(told.at(-1), { type: 'allocation', steps: 3, rows: 3 })
})

test('when a step fails, those that wait for their turn are ended', async (t) => {
  const open = new Set<string>()
  const both = Promise.withResolvers<void>()
  const { window, plan, run } = await setUp(t, (request, response) => {
    if (request.url!.includes('window=2026-11-21T03')) return void both.promise.then(() => response.destroy())
    open.add(request.url!)
    if (open.size === 2) both.resolve()
    response.on('close', () => open.delete(request.url!))
    response.write(`{"data":[{"a":${JSON.stringify(allocation)},`.padEnd(1_000_000))
  })
  const steps = stepsOf(window, hour, nowMs)
  await assert.rejects(run({ steps, concurrency: 3, exports: plan.exports.slice(0, 1) }), { message: /cannot read/ })
  while (open.size > 0) await new Promise(setImmediate)
})

test('an export in steps that was interrupted is gone on with, and comes to the same file', async (t) => {
  for (const format of ['json', 'jsonl', 'csv'] as const) {
    let failing = true
    const { folder, a, window, plan, run } = await setUp(t, (request, response) => {
      if (!failing || !request.url!.includes('window=2026-11-21T05')) return namedByStart(request, response)
      // In the middle of a record, after one that is whole.
      response.write(JSON.stringify({ data: [{ x: allocation, y: allocation }] }).slice(0, -30), () => response.destroy())
    })
    const steps = stepsOf(window, hour, nowMs)
    const begin = { question: 'q', startMs: 0, endMs: 1, collectionTimeMs: nowMs, steps: 0, rows: 0, bytes: 0 }
    const part = (journal = begin): Partial<ExportPlan> => ({
      steps,
      format,
      exports: [{ type: 'allocation', output: new FileOutput(a, journal), done: journal }],
    })
    await assert.rejects(run(part()))
    assert.deepEqual(readdirSync(folder).sort(), ['allocations.partial', 'allocations.progress'])
    await assert.rejects(readJournal(a, 'another question'), { code: 'INVALID_OPTION', message: /other options/ })
    const journal = await readJournal(a, 'q')
    assert.deepEqual([journal?.steps, journal?.rows], [2, 2])
    failing = false
    // The process may have ended after more was written.
    appendFileSync(`${a}.partial`, 'half a row'.repeat(1000))
    assert.deepEqual(await run(part(journal)), { allocation: 3 })
    assert.deepEqual(readdirSync(folder), ['allocations'])
    const resumed = readFileSync(a, 'utf8')
    await run({ steps, format, exports: plan.exports.slice(0, 1) })
    assert.equal(resumed, readFileSync(a, 'utf8'))
    rmSync(a)
  }
})

test('notes that cannot be read are told, and none are none', async (t) => {
  const { a } = await setUp(t)
  assert.equal(await readJournal(a, 'q'), undefined)
  writeFileSync(`${a}.progress`, '{"ver')
  await assert.rejects(readJournal(a, 'q'), { code: 'INVALID_OPTION', message: /cannot be read/, hint: /without|leave out/ })
  assert.ok(existsSync(`${a}.progress`))
})
