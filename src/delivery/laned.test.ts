import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { type ExportResult, ok, partial, reject, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { LanedExporter } from './laned.ts'
import { numbers } from './scripted.fixture.ts'

const error = new Error('later')
const tens = (data: readonly number[]) => data.map((n) => String(Math.floor(n / 10)))

/** Lanes of numbers, those of one ten a series, before a destination that takes 100 ms for each export. */
function laned({ answer = () => ok, concurrency = 4, batchSize = 3 }: Partial<Given> = {}) {
  const clock = new ManualClock()
  const context = createContext({ clock, delivery: { id: 'd', attempt: 1, firstAcceptedMs: 0 } })
  const seen: { atMs: number; data: readonly number[]; id: string | undefined }[] = []
  const exporter = new LanedExporter<Date, readonly number[]>(
    {
      name: 'out',
      async export(_time, data, { delivery }) {
        seen.push({ atMs: clock.now(), data, id: delivery?.id })
        await clock.sleep(100)
        return answer(data)
      },
    },
    { concurrency, batchSize, records: numbers, seriesOf: tens },
  )
  const send = async (data: readonly number[]) => {
    const sent = exporter.export(new Date(0), data, context)
    for (let turn = 0; turn < 20; turn++) await clock.advance(100)
    return sent
  }
  return { send, seen, clock }
}

interface Given {
  readonly answer: (data: readonly number[]) => ExportResult
  readonly concurrency: number
  readonly batchSize: number
}

const four = [0, 10, 20, 30, 1, 11, 21, 31, 2, 12, 22, 32]

test('what is little goes at once, as it is', async () => {
  const it = laned()
  assert.equal(await it.send([1, 11, 2]), ok)
  assert.deepEqual(it.seen, [{ atMs: 0, data: [1, 11, 2], id: 'd' }])
})

test('series go beside each other, more of them once it is known that the destination bears it', async () => {
  const it = laned()
  for (let times = 0; times < 4; times++) assert.equal(await it.send(four), ok)
  const startsMs = it.seen.map(({ atMs }) => atMs)
  assert.deepEqual(startsMs.slice(0, 4), [0, 100, 100, 200])
  assert.equal(new Set(startsMs.slice(-4)).size, 1)
  const pieces = it.seen.slice(-4).map(({ data }) => data)
  assert.deepEqual(
    pieces,
    [0, 10, 20, 30].map((n) => [n, n + 1, n + 2]),
  )
})

test('a series that is more than a batch goes in batches, one after another', async () => {
  const it = laned()
  await it.send([1, 2, 3, 11, 4, 5, 6, 7])
  assert.deepEqual(
    it.seen.filter(({ data }) => data.includes(11) === false).map(({ data }) => data),
    [[1, 2, 3], [4, 5, 6], [7]],
  )
})

test('after what is to be tried again nothing of its series is sent, and no lane begun', async () => {
  const it = laned({ answer: (data) => (data.includes(1) ? partial([{ index: 0, error }], [1]) : ok) })
  const result = await it.send([0, 10, 1, 11, 2, 20, 3, 4])
  assert.deepEqual(it.seen.length, 1)
  assert.deepEqual(result, partial([{ index: 0, error }], [1, 2, 3, 5, 6, 7]))
})

test('each part is a delivery of its own, the same whenever it is tried again', async () => {
  const ids = async () => {
    const it = laned()
    await it.send(four)
    return it.seen.map(({ id }) => id).toSorted()
  }
  assert.equal(new Set(await ids()).size, 4)
  assert.deepEqual(await ids(), await ids())
})

test('a destination that wants to be left alone is, also when only a part of it said so', async () => {
  const answers = [ok, retry(error, { afterMs: 5000 })]
  const it = laned({ answer: () => answers.shift() ?? ok })
  assert.equal((await it.send(four)).status, 'partial')
  const before = it.seen.length
  const sentMs = it.clock.now()
  const sent = it.send(four)
  await it.clock.advance(5000)
  await sent
  assert.ok(it.seen[before]!.atMs >= 200 + 5000 && it.seen[before]!.atMs > sentMs)
})

test('what all refuse for now is refused as a whole; what is refused for good is told of each', async () => {
  const away = retry(error, { afterMs: 10, scope: 'destination' })
  assert.deepEqual(await laned({ answer: () => away }).send(four), away)
  const result = await laned({ answer: (data) => (data[0] === 10 ? reject(error) : ok) }).send(four)
  assert.deepEqual(result, partial([1, 5, 9].map((index) => ({ index, error }))))
})
