import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeldLines } from './held-lines.ts'
import type { Screen } from './screen.ts'

function setUp() {
  const shown: string[] = []
  const screen = { hasColors: true, line: (text: string) => void shown.push(text) } as unknown as Screen
  return { shown, lines: new HeldLines(screen) }
}

test('lines wait while they are held, and come in their order', () => {
  const { shown, lines } = setUp()
  lines.line('1')
  lines.hold()
  lines.line('2')
  lines.hold()
  lines.line('3')
  assert.deepEqual(shown, ['1'])
  lines.release()
  lines.line('4')
  lines.release()
  assert.deepEqual(shown, ['1', '2', '3', '4'])
  assert.equal(lines.hasColors, true)
})

test('002-37 of too many the newest are kept, and the others counted', () => {
  const { shown, lines } = setUp()
  lines.hold()
  for (let n = 0; n < 1250; n++) lines.line(String(n))
  lines.release()
  assert.deepEqual([shown.length, shown[0], shown[1], shown.at(-1)], [51, '(1,200 earlier lines are left out)', '1200', '1249'])
})
