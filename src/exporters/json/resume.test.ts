import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fullDisk } from '../../files/full-disk.fixture.ts'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { createContext, ok } from '../../sdk.ts'
import { JsonExporter } from './json.ts'
import { listening, sample, timeMs } from './samples.fixture.ts'

const at = new Date(timeMs)
const old = [
  { timestamp: 1, time: 'x', metrics: { 'a ]}"\\': 1 } },
  { timestamp: 2, time: 'y', metrics: {} },
]
const read = (filename: string) => JSON.parse(readFileSync(filename, 'utf8'))

async function appendTo(filename: string, context = createContext()) {
  const exporter = new JsonExporter({ filename, append: true })
  const started = await exporter.start(context).then(
    () => undefined,
    (error: Error) => error,
  )
  const result = await exporter.export(at, sample({ new: 1 }), context)
  const health = exporter.health()
  await exporter.stop(context)
  return { started, result, health }
}

test('an array of samples is written on however it was written', async (t) => {
  const filename = join(temporaryFolder(t), 'a.json')
  const [one, two] = old.map((element) => JSON.stringify(element))
  for (const text of [
    JSON.stringify(old),
    JSON.stringify(old, null, 2),
    JSON.stringify(old, null, '\t'),
    ` [ ${one} , ${two} ] \r\n\n  `,
    `[\n${one},\n${two}\n]\n`,
  ]) {
    writeFileSync(filename, text)
    const context = listening()
    assert.deepEqual((await appendTo(filename, context)).result, ok)
    assert.deepEqual(read(filename).slice(0, -1), old)
    assert.deepEqual(read(filename)[2].metrics, { new: 1 })
    assert.deepEqual(context.warnings, [])
  }
  for (const text of ['', '[]', ' [\n ]']) {
    writeFileSync(filename, text)
    assert.deepEqual((await appendTo(filename)).result, ok)
    assert.equal(read(filename).length, 1)
  }
})

test('J2 a corrupt or foreign file is refused at the start and at each export, and stays as it is', async (t) => {
  const filename = join(temporaryFolder(t), 'a.json')
  const whole = JSON.stringify(old, null, 2)
  const lines = old.map((element) => JSON.stringify(element))
  for (const [text, problem] of [
    ['{"timestamp":1,"metrics":{}}', /no JSON array of objects, at byte 0/],
    ['precious', /at byte 0/],
    ['\n', /breaks off behind 0 elements/],
    ['[1, 2]', /at byte 1/],
    ['[{"a":1}]', /element 1 has no timestamp and metrics/],
    ['[{"timestamp":1,"metrics":{"a":NaN}}]', /element 1 is not JSON/],
    [`${whole}x`, /at byte/],
    [`${whole}${whole}`, /at byte/],
    [whole.replace('},\n  {', '}\n  {'), /at byte/],
    [whole.replace('"metrics": {', '"metrics: {'), /element 1 is not JSON/],
    [`[\n${lines[0]!.slice(0, -1)},\n${lines.join(',\n')}\n]\n`, /element 1 is not JSON/],
    [whole.replace('    }\n  },', '    }\n  ,').slice(0, -4), /breaks off behind 0 elements/],
    [JSON.stringify(old).slice(0, -10), /breaks off behind 1 elements/],
    [`[${lines[0]},]`, /breaks off behind 1 elements/],
  ] as const) {
    writeFileSync(filename, text)
    const { started, result, health } = await appendTo(filename)
    assert.match(started?.message ?? '', new RegExp(`^cannot append to .*: .*(${problem.source})`), text)
    assert.ok(result.status === 'retry' && result.scope === 'destination')
    assert.match(JSON.stringify(health), /unhealthy.*choose another filename/)
    assert.equal(readFileSync(filename, 'utf8'), text)
  }
})

test('a write that was cut off at any byte is mended at the next start, which says so', async (t) => {
  const filename = join(temporaryFolder(t), 'a.json')
  for (const pretty of [false, true]) {
    const exporter = new JsonExporter({ filename, pretty })
    const sizes: number[] = []
    for (const n of [0, 1]) {
      await exporter.export(at, sample({ 'a "\\': n, b: n }, n), createContext())
      sizes.push(readFileSync(filename).length)
    }
    await exporter.stop(createContext())
    const whole = readFileSync(filename)
    const body = sizes[0]! - '\n]\n'.length
    for (let cut = body; cut < sizes[1]! - 2; cut++) {
      const before = Buffer.concat([whole.subarray(0, body), Buffer.from('\n]\n')])
      writeFileSync(filename, cut < before.length ? Buffer.concat([whole.subarray(0, cut), before.subarray(cut)]) : whole.subarray(0, cut))
      const wasWhole = isJson(readFileSync(filename, 'utf8'))
      const context = listening()
      const { result } = await appendTo(filename, context)
      assert.deepEqual(result, ok)
      const elements = read(filename)
      assert.deepEqual(elements.at(-1).metrics, { new: 1 })
      assert.deepEqual(elements[0].metrics, { 'a "\\': 0, b: 0 })
      assert.equal(context.warnings.length, wasWhole ? 0 : 1)
      if (!wasWhole) assert.match(context.warnings[0]!.message, /had been cut off/)
    }
  }
})

test('a full disk leaves a valid array, and elements go on when there is room', async (t) => {
  const filename = join(temporaryFolder(t), 'a.json')
  const disk = await fullDisk(t, filename)
  const context = createContext()
  const exporter = new JsonExporter({ filename })
  await exporter.export(at, sample({ a: 1 }), context)
  for (const space of [0, 1, 10]) {
    disk.fill(space)
    const result = await exporter.export(at, sample({ a: 2 }, 1), context)
    assert.ok(result.status === 'retry' && result.scope === 'destination')
    disk.free()
    await exporter.export(at, sample({ a: 3 }, 2), context)
  }
  assert.deepEqual(
    read(filename).map(({ metrics }: { metrics: object }) => metrics),
    [{ a: 1 }, { a: 3 }, { a: 3 }, { a: 3 }],
  )
  await exporter.stop(context)
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
