import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArrayScanner } from './array-scanner.ts'

function scan(...chunks: Uint8Array[]) {
  const scanner = new ArrayScanner()
  const problem = chunks.map((chunk) => scanner.push(chunk)).find(Boolean)
  return { problem, end: scanner.end, elements: scanner.elements, isWhole: scanner.isWhole }
}

test('every array of samples is whole, however it is cut and indented', () => {
  const element = fc.record({
    timestamp: fc.double({ noNaN: true, noDefaultInfinity: true }),
    metrics: fc.dictionary(fc.string(), fc.jsonValue()),
  })
  const cases = [fc.array(element, { maxLength: 4 }), fc.constantFrom('', '  ', '\t'), fc.array(fc.nat(400), { maxLength: 4 })] as const
  fc.assert(
    fc.property(...cases, (elements, indent, cuts) => {
      const bytes = Buffer.from(JSON.stringify(elements, null, indent))
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
      const { end, ...rest } = scan(...places.slice(1).map((place, index) => bytes.subarray(places[index], place)))
      assert.deepEqual(rest, { problem: undefined, elements: elements.length, isWhole: true })
      assert.equal(bytes.toString('utf8', end).trim(), ']')
    }),
  )
})

test('what is cut off is not whole, and ends behind its last element', () => {
  const elements = ['{"timestamp":1,"metrics":{"a":"}]"}}', '{"timestamp":2,"metrics":{}}']
  const text = `[${elements.join()}]`
  for (let cut = 1; cut < text.length; cut++) {
    const first = 1 + elements[0]!.length
    const { end, isWhole, problem } = scan(Buffer.from(text.slice(0, cut)))
    assert.deepEqual([problem, isWhole], [undefined, false])
    assert.equal(end, cut < first ? 1 : cut < text.length - 1 ? first : text.length - 1)
  }
  assert.equal(scan(Buffer.from(`[${elements[0]},]`)).isWhole, false)
})
