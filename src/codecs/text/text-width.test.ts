import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cut, printable, widthOf } from './text-width.ts'

test('wide characters take two columns, combining ones none', () => {
  const widths: [string, number][] = [
    ['abc', 3],
    ['日本', 4],
    ['한글', 4],
    ['ｶﾅ', 2],
    ['カナ', 4],
    ['e\u0301', 1],
    ['😀', 2],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['\u200b', 0],
    ['ｆ', 2],
  ]
  for (const [text, width] of widths) assert.equal(widthOf(text), width, text)
})

test('text is cut between characters, to no more than the width', () => {
  assert.equal(cut('abcdef', 6), 'abcdef')
  assert.equal(cut('abcdef', 4), 'abc…')
  assert.equal(cut('日本語', 4), '日…')
  assert.equal(cut('日本語', 5), '日本…')
  assert.equal(cut('abc', 0), '')
})

test('what would move the cursor or turn the text is shown, not obeyed', () => {
  assert.equal(printable('a\r\n\tb\x1b[2J\x07\u202ec\x9b'), 'a b�[2J��c�')
})
