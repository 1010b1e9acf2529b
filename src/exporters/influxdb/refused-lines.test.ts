import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusedLines } from './refused-lines.ts'

const conflict = 'field type conflict: input field "v" on measurement "m" is type integer, already exists as type float'

test('InfluxDB 1 and 2 tell how many lines they dropped: which, where it is all of them', () => {
  const text = JSON.stringify({ error: `partial write: ${conflict} dropped=2` })
  assert.equal(refusedLines(text, 3), 'some')
  assert.deepEqual(refusedLines(text, 2), new Map(Array.from([0, 1], (line) => [line, undefined])))
  const version2 = { code: 'unprocessable entity', message: `failure writing points to database: partial write: ${conflict} dropped=1` }
  assert.equal(refusedLines(JSON.stringify(version2), 9), 'some')
})

test('lines that could not be parsed are not counted', () => {
  const text = JSON.stringify({ error: "partial write: unable to parse 'm v=': missing field value\nunable to parse 'm 3' dropped=0" })
  assert.equal(refusedLines(text, 2), 'some')
  assert.equal(refusedLines('{"code":"invalid","message":"unable to parse \'m 3\': invalid field format"}', 1), 'some')
})

test('InfluxDB 3 tells each line', () => {
  const data = [
    { original_line: 'm v=1i', line_number: 3, error_message: 'invalid column type' },
    { original_line: 'm', line_number: 1, error_message: 'No fields were provided' },
  ]
  const text = JSON.stringify({ error: 'partial write of line protocol occurred', data })
  assert.deepEqual(
    refusedLines(text, 3),
    new Map([
      [2, 'invalid column type'],
      [0, 'No fields were provided'],
    ]),
  )
  assert.equal(refusedLines(text, 2), 'some')
  assert.equal(refusedLines(text.slice(0, -20), 3), 'some')
  assert.equal(refusedLines(JSON.stringify({ error: 'parsing failed for write_lp endpoint', data: data[0] }), 3), 'some')
})

test('a refusal of the request itself is not about its lines', () => {
  for (const text of ['{"error":"database is required"}', '{"error":"gzip: invalid header"}', '<html>Bad Request</html>', ''])
    assert.equal(refusedLines(text, 3), undefined)
})
