import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closest, suggest, toSnake } from './names.ts'

test('what was probably meant is near, or begins alike', () => {
  const known = ['prometheus', 'file', 'jsonl', 'interval']
  for (const [word, meant] of [
    ['prometeus', 'prometheus'],
    ['Flie', 'file'],
    ['jsonlines', 'jsonl'],
    ['prom', 'prometheus'],
    ['intervall', 'interval'],
    ['kafka', undefined],
    ['x', undefined],
  ] as const) {
    assert.equal(closest(word, known), meant, word)
  }
  assert.equal(suggest('kafka', ['file', 'console']), 'known are console, file')
})

test('snake_case', () => {
  assert.equal(toSnake('maxRetries'), 'max_retries')
  assert.equal(toSnake('halfOpenMaxCalls'), 'half_open_max_calls')
})
