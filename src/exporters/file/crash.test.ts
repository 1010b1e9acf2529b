import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { constants, gunzipSync } from 'node:zlib'
import { createContext } from '../../sdk.ts'
import { FileExporter } from './file.ts'
import { temporaryFolder } from './folder.fixture.ts'
import { parquetValues } from './parquet.fixture.ts'

/** A program that exports batches one after another and prints a line of JSON for each answer. */
const program = (options: object, sizes: string) => `
  import { FileExporter } from ${JSON.stringify(new URL('./file.ts', import.meta.url).href)}
  import { createContext, metrics, series } from ${JSON.stringify(new URL('../../sdk.ts', import.meta.url).href)}
  const exporter = new FileExporter(${JSON.stringify(options)})
  const load = series('system.cpu.load', { pad: 'x'.repeat(200) })
  let next = 0
  for (const size of ${sizes}) {
    const points = Array.from({ length: size }, () => ({ series: load, timeMs: 0, value: next++ }))
    const { status, scope, error } = await exporter.export(new Date(0), metrics(points), createContext())
    process.stdout.write(JSON.stringify({ last: next - 1, status, scope, code: error?.code, cause: error?.cause?.code, hint: error?.hint }) + '\\n')
  }
  await exporter.stop(createContext())
`

const run = (source: string, before = ''): ChildProcess =>
  spawn(
    '/bin/sh',
    ['-c', `${before} exec "$0" "$@"`, process.execPath, '--conditions=waybill-source', '--input-type=module', '-e', source],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )

const answersOf = (child: ChildProcess) => createInterface({ input: child.stdout! })

/** The whole lines of a file that may end in the middle of one, or of a gzip member. */
function recordsIn(bytes: Uint8Array): readonly { value: number }[] {
  const text = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString()
  return text
    .slice(0, text.lastIndexOf('\n'))
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('003-33 F12: after a kill -9 every gzip file is readable and holds every record that was acknowledged', async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const endless = '(function* () { for (;;) yield 50 })()'
  const child = run(program({ outputDirectory, compression: 'gzip', maxFileSize: '20KB', filenameTemplate: 'a-{sequence}' }, endless))
  let acknowledged = -1
  let answers = 0
  for await (const line of answersOf(child)) {
    const { last, status } = JSON.parse(line)
    assert.equal(status, 'ok')
    acknowledged = last
    if (++answers === 200) child.kill('SIGKILL')
  }
  const files = (await readdir(outputDirectory)).sort()
  assert.ok(files.length > 1, 'the size limit must have made several files')
  const values: number[] = []
  for (const file of files) for (const { value } of recordsIn(await readFile(join(outputDirectory, file)))) values.push(value)
  assert.ok(acknowledged >= 9_999)
  assert.deepEqual(
    values.slice(0, acknowledged + 1),
    Array.from({ length: acknowledged + 1 }, (_, i) => i),
  )
})

test('003-32 after a kill -9 the next start makes Parquet of every record that was acknowledged', async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const options = { outputDirectory, fileFormat: 'parquet', maxFileSize: '20KB', filenameTemplate: 'a-{sequence}' } as const
  const child = run(program(options, '(function* () { for (;;) yield 50 })()'))
  let acknowledged = -1
  let answers = 0
  for await (const line of answersOf(child)) {
    acknowledged = JSON.parse(line).last
    if (++answers === 200) child.kill('SIGKILL')
  }
  const exporter = new FileExporter(options)
  await exporter.start(createContext())
  await exporter.stop(createContext())
  assert.ok((await readdir(outputDirectory)).every((name) => name.endsWith('.parquet')))
  const values = Object.values(await parquetValues(outputDirectory)).flat() as number[]
  // What was published when the process died may be there twice; what was not acknowledged may be there too.
  const distinct = [...new Set(values)].sort((a, b) => a - b)
  assert.ok(acknowledged >= 9_999)
  assert.deepEqual(
    distinct.slice(0, acknowledged + 1),
    Array.from({ length: acknowledged + 1 }, (_, i) => i),
  )
})

test('a write that the system cuts short is told as retry, leaves no half line, and smaller ones go on', {
  skip: process.platform === 'win32',
}, async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const child = run(program({ outputDirectory }, '[10, 1000, 20]'), 'ulimit -f 64;')
  const exit = once(child, 'exit')
  const answers: unknown[] = []
  for await (const line of answersOf(child)) answers.push(JSON.parse(line))
  const refused = { status: 'retry', scope: 'destination', code: 'DESTINATION_UNAVAILABLE', cause: 'EFBIG' }
  const hint = 'choose a smaller maximum file size, or raise the limit of the process (ulimit -f)'
  assert.deepEqual(answers, [
    { last: 9, status: 'ok' },
    { last: 1009, ...refused, hint },
    { last: 1029, status: 'ok' },
  ])
  assert.deepEqual(await exit, [0, null])
  const [file, ...others] = await readdir(outputDirectory)
  assert.deepEqual(others, [])
  const lines = (await readFile(join(outputDirectory, file!), 'utf8')).split('\n').slice(0, -1)
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).value),
    [...Array.from({ length: 10 }, (_, i) => i), ...Array.from({ length: 20 }, (_, i) => 1010 + i)],
  )
})
