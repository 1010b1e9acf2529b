import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createContext } from '../core/context.ts'
import { version } from '../version.ts'
import { registerProcessDiagnostics } from './process-diagnostics.ts'
import { DiagnosticService } from './service.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'waybill-diagnostics-'))
after(() => rm(dataDir, { recursive: true }))

function serviceOf(options: Partial<Parameters<typeof registerProcessDiagnostics>[1]> = {}) {
  const service = new DiagnosticService()
  registerProcessDiagnostics(service, { dataDir, ...options })
  return service
}

/** A clock of which both times are set by hand; whoever sleeps is never woken. */
function setClock(nowMs: number) {
  const clock = {
    nowMs,
    monotonicMs: 0,
    now: () => clock.nowMs,
    monotonic: () => clock.monotonicMs,
    sleep: (_ms: number) => new Promise<void>(() => {}),
  }
  return clock
}

test('where all is well every diagnostic says what it found', async () => {
  const results = await serviceOf({ minFreeBytes: 0 }).run()
  assert.deepEqual(
    results.map(({ category, name, error }) => [category, name, error]),
    [
      ['runtime', 'versions', undefined],
      ['runtime', 'memory', undefined],
      ['runtime', 'event-loop', results[2]?.error],
      ['machine', 'clock', undefined],
      ['machine', 'disk', undefined],
      ['machine', 'permissions', undefined],
    ],
  )
  assert.equal(results[0]?.details?.waybill, version)
  assert.ok(Number(results[1]?.details?.heapUsedBytes) > 1e6)
  assert.ok(Number(results[4]?.details?.totalBytes) > 1e6)
})

test('too little space is an error', async () => {
  const result = await serviceOf({ minFreeBytes: 500 * 2 ** 40 }).runDiagnostic('machine', 'disk')
  assert.match(result?.error ?? '', /^only .+ are free for .+, less than 500 TiB: free some space there$/)
})

test('a data directory that is not there is an error of disk and permissions', async () => {
  const results = await serviceOf({ dataDir: join(dataDir, 'missing') }).runCategory('machine')
  assert.match(results[1]?.error ?? '', /ENOENT/)
  assert.match(results[2]?.error ?? '', /missing cannot be read and written to by user .*\(ENOENT\): make it, or give/)
})

test('a clock that is not set, or is set while the process runs, is an error once', async () => {
  const service = serviceOf()
  const clock = setClock(Date.UTC(1970, 0, 1))
  const run = async () => (await service.runDiagnostic('machine', 'clock', createContext({ clock })))?.error
  assert.equal(await run(), 'the clock says 1970-01-01T00:00:00.000Z: it is not set')
  clock.nowMs = Date.UTC(2026, 5, 1)
  assert.match((await run()) ?? '', /^the clock went forward by/)
  clock.nowMs += 60_000
  clock.monotonicMs += 59_000
  assert.equal(await run(), undefined)
  clock.nowMs -= 60_000
  assert.equal(await run(), 'the clock went back by 1m: it was set, or the machine slept')
})

test('a process that is blocked is an error', async () => {
  const clock = setClock(Date.UTC(2026, 5, 1))
  const blocked = async () => {
    await setTimeout(30)
    const endMs = performance.now() + 550
    while (performance.now() < endMs);
    await setTimeout(30)
  }
  const sleep = (ms: number) => (ms < 1000 ? blocked() : clock.sleep(ms))
  const result = await serviceOf().runDiagnostic('runtime', 'event-loop', createContext({ clock: { ...clock, sleep } }))
  assert.match(result?.error ?? '', /^timers are late by .+: something blocks the process$/)
})
