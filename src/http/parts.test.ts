import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ExportResult, ok, reject, retry, tooLarge } from '../sdk.ts'
import { type Part, type PartsOptions, sendParts } from './parts.ts'

const part = (text: string, ...records: readonly number[]): Part => ({ bytes: Buffer.from(text), records })
const frame = { head: Buffer.from('['), separator: Buffer.from(','), tail: Buffer.from(']') }
const [first, second] = [new Error('first'), new Error('second')]

/** What is sent, and what becomes of it when each body is answered so. */
async function sent(parts: readonly Part[], options: Partial<PartsOptions> = {}, answer: (body: string) => ExportResult = () => ok) {
  const bodies: string[] = []
  const send = async (body: Uint8Array) => {
    bodies.push(Buffer.from(body).toString())
    return answer(bodies.at(-1)!)
  }
  return { bodies, result: await sendParts(parts, { ...frame, mostBytes: 100, send, ...options }) }
}

const letters = (text: string): readonly Part[] => [...text].map((letter, index) => part(letter, index))

test('as many parts in a body as its bytes and their count allow, to the byte', async () => {
  assert.deepEqual((await sent(letters('abcde'), { mostBytes: 5 })).bodies, ['[a,b]', '[c,d]', '[e]'])
  assert.deepEqual((await sent(letters('abcde'), { mostBytes: 6 })).bodies, ['[a,b]', '[c,d]', '[e]'])
  assert.deepEqual((await sent(letters('abcde'), { mostCount: 3 })).bodies, ['[a,b,c]', '[d,e]'])
  const counted = [...letters('abc')].map((each, index) => ({ ...each, count: index + 1 }))
  assert.deepEqual((await sent(counted, { mostCount: 3 })).bodies, ['[a,b]', '[c]'])
  assert.deepEqual(await sent([]), { bodies: [], result: ok })
})

test('a part that is too large by itself is rejected, the others are sent', async () => {
  const { bodies, result } = await sent([part('a', 0), part('long', 1, 3), part('b', 2)], { mostBytes: 5 })
  assert.deepEqual(bodies, ['[a]', '[b]'])
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => ['index' in rejection && rejection.index, rejection.error.message]),
    [1, 3].map((index) => [index, '6 bytes, where 5 are the most that is taken']),
  )
})

test('what is too large packed, or for the API, is sent in halves, in order', async () => {
  const packed = await sent(letters('abcd'), { mostPackedBytes: 5, pack: (body) => body })
  assert.deepEqual(packed, { bodies: ['[a,b]', '[c,d]'], result: ok })
  const refused = await sent(letters('abcd'), {}, (body) => (body.length > 3 ? tooLarge(first) : ok))
  assert.deepEqual(refused, { bodies: ['[a,b,c,d]', '[a,b]', '[a]', '[b]', '[c,d]', '[c]', '[d]'], result: ok })
  const alone = await sent(letters('ab'), {}, (body) => (body.includes('b') ? tooLarge(first) : ok))
  assert.deepEqual(alone.result, { status: 'partial', rejected: [{ index: 1, error: first }], retry: [] })
})

test('a first request that is to be tried again is the answer; a later one leaves what was not sent', async () => {
  const waiting = retry(first, { afterMs: 7, scope: 'destination' })
  assert.deepEqual((await sent(letters('ab'), { mostCount: 1 }, () => waiting)).result, waiting)
  const later = await sent([part('a', 2), part('b', 0), part('c', 1)], { mostCount: 1 }, (body) => (body === '[b]' ? waiting : ok))
  assert.deepEqual(later, { bodies: ['[a]', '[b]'], result: { status: 'partial', rejected: [], retry: [0, 1] } })
})

test('what is refused is told by index, with what was refused before; what is only counted, as a count', async () => {
  const { result } = await sent(letters('ab'), { mostCount: 1, refused: [{ index: 5, error: second }] }, (body) =>
    body === '[a]' ? reject(first) : { status: 'partial', rejected: [{ count: 1, error: second }], retry: [] },
  )
  assert.deepEqual(result, {
    status: 'partial',
    rejected: [
      { index: 5, error: second },
      { index: 0, error: first },
      { count: 1, error: second },
    ],
    retry: [],
  })
})

test('whatever the sizes and limits, each part that fits is sent once, in order, and no body is over a limit', async () => {
  const limits = fc.record({
    mostBytes: fc.integer({ min: 1, max: 40 }),
    mostCount: fc.integer({ min: 1, max: 5 }),
    mostPackedBytes: fc.integer({ min: 1, max: 40 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 30 }), limits, async (sizes, given) => {
      const parts = sizes.map((size, index) => part(String.fromCharCode(97 + (index % 26)).repeat(size), index))
      const { bodies, result } = await sent(parts, given)
      const fitting = parts.filter(({ bytes }) => bytes.length + 2 <= Math.min(given.mostBytes, given.mostPackedBytes))
      assert.equal(bodies.map((body) => body.slice(1, -1)).join(), fitting.map(({ bytes }) => bytes).join())
      for (const body of bodies) {
        assert.ok(body.length <= Math.min(given.mostBytes, given.mostPackedBytes))
        assert.ok(body.split(',').length <= given.mostCount)
      }
      assert.equal(result.status === 'partial' ? result.rejected.length : 0, parts.length - fitting.length)
    }),
  )
})
