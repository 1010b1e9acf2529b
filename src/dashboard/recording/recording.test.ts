import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { WaybillError } from '../../core/errors.ts'
import { recordingPath } from '../scene.fixture.ts'
import { parseRecording, readRecording } from './recording.ts'

const atMs = Date.UTC(2026, 10, 21, 1, 2, 3, 456)

async function* pieces(text: string, size = text.length): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

/** The samples as plain data, and what came instead of the rest. */
async function read(text: string, size?: number) {
  const samples: [number, Record<string, number>][] = []
  try {
    for await (const { timeMs, values } of parseRecording(pieces(text, size), 'a.csv')) samples.push([timeMs, Object.fromEntries(values)])
  } catch (thrown) {
    assert.ok(thrown instanceof WaybillError)
    return { samples, fault: `${thrown.at}: ${thrown.message}` }
  }
  return { samples }
}

const wide = `timestamp,a,"b ""2"", c"\r\n2026-11-21T01:02:03.456Z,1,-2.5e3\r\n2026-11-21T02:02:04.456+01:00,,7\r\n`
const long = `timestamp,metric,value\r\n1750693377.5,a,0.0\r\n1750693377.5,b,409600000\r\n1750693378.5,a,1\r\n`
const json = `[\n{"timestamp":1750693377.5,"time":"2025-06-23T15:42:57.500Z","metrics":{"a":1,"b }\\"]{":null}},\n{"timestamp":1750693378.5,"metrics":{"a":2}}\n]\n`

test('wide CSV: a column for each metric, empty where it has no value', async () => {
  assert.deepEqual(await read(wide), {
    samples: [
      [atMs, { a: 1, 'b "2", c': -2500 }],
      [atMs + 1000, { 'b "2", c': 7 }],
    ],
  })
})

test('wide CSV: the header may come again, with other columns', async () => {
  const later = 'timestamp,b\n2026-11-21T01:02:03.456Z,1\ntimestamp,a,b\n2026-11-21T01:02:04.456Z,2,3'
  assert.deepEqual((await read(later)).samples, [
    [atMs, { b: 1 }],
    [atMs + 1000, { a: 2, b: 3 }],
  ])
})

test('wide CSV: two rows of one time are two samples', async () => {
  assert.deepEqual(await read('timestamp,a\n1.5,1\n1.5,2\n'), {
    samples: [
      [1500, { a: 1 }],
      [1500, { a: 2 }],
    ],
  })
})

test('long CSV: the rows of one time are one sample', async () => {
  assert.deepEqual(await read(long), {
    samples: [
      [1750693377500, { a: 0, b: 409600000 }],
      [1750693378500, { a: 1 }],
    ],
  })
})

test('JSON: an array of samples, on one line or on many', async () => {
  const samples = [
    [1750693377500, { a: 1 }],
    [1750693378500, { a: 2 }],
  ]
  assert.deepEqual(await read(json), { samples })
  assert.deepEqual(await read(JSON.stringify(JSON.parse(json))), { samples })
  assert.deepEqual(await read(JSON.stringify(JSON.parse(json), null, 2)), { samples })
  assert.deepEqual(await read('[]'), { samples: [] })
})

test('numbers that are none count as no value, times without a zone as local', async () => {
  const text = 'timestamp,a,b,c,d\n2026-11-21 01:02:03,NaN,+Inf,-inf,4'
  assert.deepEqual(await read(text), { samples: [[new Date(2026, 10, 21, 1, 2, 3).getTime(), { d: 4 }]] })
})

test('what is no recording is told with its line, after all that came before', async () => {
  const first = [atMs, { a: 1, 'b "2", c': -2500 }]
  const [header, row] = wide.split('\r\n') as [string, string]
  for (const [line, what] of [
    ['2026-11-21T01:02:03.456Z,1', 'it has 2 fields, its header 3'],
    ['2026-11-21T01:02:03.456Z,1,2,3', 'it has 4 fields, its header 3'],
    ['2026-11-21T01:02:03.456Z,1,"2', 'a field begins with a quote and does not end with one'],
    ['yesterday,1,2', '"yesterday" is not a time'],
    ['2026-13-21T01:02:03Z,1,2', '"2026-13-21T01:02:03Z" is not a time'],
    ['2026-11-21T01:02:03.456Z,1,2x', '"2x" of b "2", c is not a number'],
    ['\u0000\u0001', 'it has 1 fields, its header 3'],
  ] as const)
    assert.deepEqual(await read(`${header}\n${row}\n${line}\n${row}\n`), { samples: [first], fault: `a.csv:3: ${what}` })
  assert.deepEqual(await read('a,b\n1,2'), { samples: [], fault: 'a.csv:1: the header is missing, which begins with "timestamp"' })
  assert.deepEqual(await read(' \n'), { samples: [], fault: 'a.csv:1: there is nothing in it' })
})

test('a long recording that breaks off inside a sample gives what there is of it', async () => {
  assert.deepEqual(await read(long.slice(0, -4)), {
    samples: [[1750693377500, { a: 0, b: 409600000 }]],
    fault: 'a.csv:4: it has 2 fields, its header 3',
  })
})

test('a JSON recording that breaks off, or holds something else, gives what came before', async () => {
  const first = [1750693377500, { a: 1 }]
  const [, element] = json.split('\n') as [string, string]
  for (const [rest, what] of [
    ['{"timestamp":17', 'a.csv:3: the file ends within the element that begins here'],
    ['', 'a.csv:3: the file ends before its array does'],
    ['7]', 'a.csv:3: "7" does not belong here in an array of objects'],
    [']', 'a.csv:3: "]" does not belong here in an array of objects'],
    ['{"metrics":{}}]', 'a.csv:3: the element that begins here has no number "timestamp"'],
    ['{"timestamp":1}]', 'a.csv:3: the element that begins here has no object "metrics"'],
    ['{"timestamp":1,"metrics":[]}]', 'a.csv:3: the element that begins here has no object "metrics"'],
    ['{"timestamp":1,"metrics":{"a":"b"}}]', 'a.csv:3: the value of a in the element that begins here is not a number'],
    ['{"timestamp":1,}]', 'a.csv:3: the element that begins here is not JSON'],
  ] as const)
    assert.deepEqual(await read(`[\n${element}\n${rest}`), { samples: [first], fault: what })
  assert.equal((await read('[] x')).fault, 'a.csv:1: "x" does not belong here in an array of objects')
})

test('it is the same in whatever pieces it comes', async () => {
  for (const text of [wide, long, json, `\ufeff${wide}`, `  ${json}`]) {
    const { samples } = await read(text)
    assert.equal(samples.length, 2)
    for (const size of [1, 2, 3, 7, 64]) assert.deepEqual(await read(text, size), { samples })
  }
})

test('whatever a file holds, there are samples or a WaybillError', async () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'[]{},:"\\ \n1ae.-', 'timestamp', '"timestamp":1', '"metrics":{}') }),
    fc
      .tuple(fc.constantFrom(wide, long, json), fc.nat(200), fc.string())
      .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at)),
  )
  await fc.assert(fc.asyncProperty(text, fc.integer({ min: 1, max: 50 }), async (text, size) => void (await read(text, size))))
})

test('a file is read to its end, and closed when one has seen enough', async () => {
  let count = 0
  for await (const { values } of readRecording(fileURLToPath(recordingPath))) count += values.has('swap.total.used.bytes') ? 1 : 0
  assert.equal(count, 200)
  for await (const { timeMs } of readRecording(fileURLToPath(recordingPath))) {
    assert.equal(timeMs, Date.UTC(2026, 10, 21, 12))
    break
  }
  await assert.rejects(readRecording('/nowhere/a.csv').next(), { code: 'FILE_UNREADABLE', message: 'cannot read /nowhere/a.csv (ENOENT)' })
})
