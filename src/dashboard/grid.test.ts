import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { widthOf } from '../codecs/text/text-width.ts'
import { backgroundOf, colours, foregroundOf, Grid, reverse } from './grid.ts'

/** `text` written at a column of a row of six. */
function written(text: string, column = 0): string {
  const grid = new Grid({ columns: 6, rows: 1 })
  grid.write(0, column, text)
  return grid.line(0)
}

test('what is beyond the edges is lost', () => {
  assert.equal(written('abcdefgh'), 'abcdef')
  assert.equal(written('abcdefgh', -3), 'defgh ')
  assert.equal(written('ab', 5), '     a')
  const grid = new Grid({ columns: 2, rows: 1 })
  for (const row of [-1, 1]) grid.write(row, 0, 'ab')
  assert.equal(grid.line(0), '  ')
})

test('a wide character takes two cells, and none where it has room for one', () => {
  assert.equal(written('日本語x'), '日本語')
  assert.equal(written('a日本語'), 'a日本 ')
  assert.equal(written('日本', -1), ' 本   ')
  assert.equal(written('日本', 5), '      ')
  assert.equal(written('e\u0301x'), 'e\u0301x    ')
})

test('what a terminal would obey is not written', () => {
  assert.equal(written('a\u001b[m\tb'), 'a�[m b')
})

test('a row is as wide as the grid, whatever is written into it', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '日', '█', 'é', '\u0301', '\n', '\u001b', '👩‍👧') })
  fc.assert(
    fc.property(text, fc.integer({ min: -9, max: 9 }), (text, column) => {
      assert.equal(widthOf(written(text, column)), 6)
    }),
  )
})

test('a style has two colours, of which either may be the terminal’s own, and may be reversed', () => {
  for (const [foreground, background] of [
    [-1, -1],
    [0, 255],
    [255, -1],
    [-1, 0],
  ] as const) {
    const style = colours(foreground, background) | reverse
    assert.deepEqual([foregroundOf(style), backgroundOf(style)], [foreground, background])
  }
})
