import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { WriteStream } from 'node:tty'
import { createContext, type Host, metrics, ok, series } from '../../sdk.ts'
import plugin, { ConsoleExporter, type ConsoleStream } from './console.ts'

const context = createContext()
const at = new Date(0)
const points = (...values: number[]) => metrics(values.map((value) => ({ series: series('x', { a: 'b' }), timeMs: 0, value })))

/** A stream that keeps what it is given, and passes it on when `release` is called, or at once. */
function recorder({ held = false, ...terminal }: { held?: boolean; isTTY?: boolean; columns?: number; hasColors?(): boolean } = {}) {
  const written: string[] = []
  const waiting: (() => void)[] = []
  const stream = new Writable({
    decodeStrings: true,
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      if (held) waiting.push(done)
      else done()
    },
  })
  return { stream: Object.assign(stream, terminal) as ConsoleStream, written, release: () => waiting.shift()!() }
}

test('JSON lines where nobody looks, a table on a terminal, and what is asked for anywhere', async () => {
  const show = async (format: 'auto' | 'table' | 'jsonl', isTTY: boolean) => {
    const { stream, written } = recorder({ isTTY, columns: 40 })
    assert.deepEqual(await new ConsoleExporter({ format, stream }).export(at, points(1), context), ok)
    return written.join('')
  }
  assert.equal(JSON.parse(await show('auto', false)).value, 1)
  assert.equal(JSON.parse(await show('jsonl', true)).value, 1)
  const table = 'time           name  labels  value\n00:00:00.000Z  x     a=b         1\n'
  assert.equal(await show('auto', true), table)
  assert.equal(await show('table', false), table)
})

test('colour is for terminals that have it and users who did not set NO_COLOR', async () => {
  const show = async (env: object) => {
    const { stream, written } = recorder({ isTTY: true, hasColors: () => WriteStream.prototype.hasColors(16, env) })
    await new ConsoleExporter({ stream }).export(at, points(1), context)
    return /\x1b/.test(written.join(''))
  }
  assert.equal(await show({ TERM: 'xterm-256color' }), true)
  assert.equal(await show({ TERM: 'xterm-256color', NO_COLOR: '1' }), false)
  assert.equal(await show({ TERM: 'dumb' }), false)
})

test('a slow stream holds exports back, in order; giving up writes nothing more', async () => {
  const { stream, written, release } = recorder({ held: true })
  const exporter = new ConsoleExporter({ stream })
  const impatient = new AbortController()
  const first = exporter.export(at, points(1), context)
  await new Promise(setImmediate)
  const second = exporter.export(at, points(2), { ...context, signal: impatient.signal })
  const third = exporter.export(at, points(3), context)
  impatient.abort()
  assert.equal((await second).status, 'retry')
  release()
  assert.deepEqual(await first, ok)
  await new Promise(setImmediate)
  release()
  assert.deepEqual(await third, ok)
  assert.deepEqual(
    written.map((line) => JSON.parse(line).value),
    [1, 3],
  )
})

test('a closed stream is told as retry, destination, in its health too', async () => {
  const { stream } = recorder()
  const exporter = new ConsoleExporter({ stream })
  stream.destroy()
  const result = await exporter.export(at, points(1), context)
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  assert.match(result.error.message, /cannot write to the console/)
  assert.equal(exporter.health().state, 'unhealthy')
  await exporter.stop(context)
  assert.deepEqual(exporter.health(), { state: 'stopped' })
})

test('when whoever reads the standard output goes away, the process goes on', async () => {
  const program = `
    import { ConsoleExporter } from ${JSON.stringify(new URL('./console.ts', import.meta.url).href)}
    import { createContext, metrics, series } from ${JSON.stringify(new URL('../../sdk.ts', import.meta.url).href)}
    const exporter = new ConsoleExporter()
    const batch = metrics([{ series: series('x'), timeMs: 0, value: 1 }])
    for (let result = { status: 'ok' }; ; ) {
      result = await exporter.export(new Date(0), batch, createContext())
      if (result.status === 'ok') continue
      const again = await exporter.export(new Date(0), batch, createContext())
      process.stderr.write(JSON.stringify([result.status, result.scope, result.error.cause.code, again.status]))
      break
    }
  `
  const child = spawn(process.execPath, ['--conditions=waybill-source', '--input-type=module', '-e', program])
  child.stdout.once('data', () => child.stdout.destroy())
  const [answers, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  assert.deepEqual(JSON.parse(answers), ['retry', 'destination', 'EPIPE', 'retry'])
  assert.equal(code, 0)
})

test('as a plugin it prints on the standard output', () => {
  const exporter = plugin.create({ name: 'screen', config: plugin.config!.parse({}) as never, host: {} as Host })
  assert.equal(exporter.name, 'screen')
  assert.throws(() => plugin.config!.parse({ format: 'xml' }), /format/)
})
