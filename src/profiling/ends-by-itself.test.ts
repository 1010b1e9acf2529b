import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'

const module = new URL('./register-profiling.ts', import.meta.url).href

/** What a process prints that profiles itself and then runs `body`. */
async function run(body: string): Promise<string> {
  const script = `
    import { registerProfiling } from ${JSON.stringify(module)}
    const exporter = { name: 'a', export: async (_time, batch) => (console.log(batch.signal), { status: 'ok' }) }
    const hangs = { name: 'hangs', export: () => new Promise(() => {}), stop: () => new Promise(() => {}) }
    ${body}`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { timeout: 20_000 })
  return stdout
}

test('003-47: an application that profiles itself is not kept from ending', async () => {
  assert.equal(await run('registerProfiling({ exporters: [exporter] })'), 'metrics\n')
  assert.equal(await run('registerProfiling({ exporters: [hangs] })'), '')
})

test('a stop that is awaited keeps it alive until it is done, even when an exporter hangs', async () => {
  const stop = "await registerProfiling({ exporters: [hangs], exportTimeout: '50ms' }).stop(); console.log('stopped')"
  assert.equal(await run(stop), 'stopped\n')
})
