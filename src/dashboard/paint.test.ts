import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { colours, Grid, reverse } from './grid.ts'
import { paint } from './paint.ts'
import { VirtualTerminal } from './virtual-terminal.fixture.ts'

const columns = 12
const rows = 3
const green = colours(150, -1)

function gridOf(...lines: string[]): Grid {
  const grid = new Grid({ columns, rows })
  lines.forEach((line, row) => {
    grid.write(row, 0, line)
  })
  return grid
}

test('only what has changed is sent, and nothing when nothing has', () => {
  const before = gridOf('first', 'second', 'third')
  assert.equal(paint(gridOf('first', 'second', 'third'), before), '')
  assert.equal(paint(gridOf('first', 'secund', 'third'), before), '\u001b[2;4H\u001b[0mu')
})

test('a short gap is written over, a long one is jumped', () => {
  const before = gridOf('abcdefghijkl')
  assert.equal(paint(gridOf('Abcdefghijkl'), before), '\u001b[1;1H\u001b[0mA')
  assert.equal(paint(gridOf('AbcdEfghijkl'), before), '\u001b[1;1H\u001b[0mAbcdE')
  assert.equal(paint(gridOf('AbcdefghijkL'), before), '\u001b[1;1H\u001b[0mA\u001b[1;12HL')
})

test('styles are selected once for a run, and do not outlive the frame', () => {
  const grid = gridOf()
  grid.write(0, 0, '▁▂', green)
  grid.write(0, 2, '▃', colours(107, 150))
  grid.write(1, 0, 'end', reverse)
  assert.equal(paint(grid, gridOf()), '\u001b[1;1H\u001b[0;38;5;150m▁▂\u001b[0;38;5;107;48;5;150m▃\u001b[2;1H\u001b[0;7mend\u001b[0m')
})

test('where nothing is known, or the size is another, all is cleared first', () => {
  assert.equal(paint(gridOf('a')), '\u001b[0m\u001b[2J\u001b[1;1H\u001b[0ma')
  assert.equal(paint(gridOf('a'), new Grid({ columns: 5, rows })), paint(gridOf('a')))
})

test('a terminal that shows one screen shows the next after what is sent, whatever they are', () => {
  const write = fc.record({
    row: fc.integer({ min: -1, max: rows }),
    column: fc.integer({ min: -2, max: columns }),
    text: fc.string({ unit: fc.constantFrom('a', 'b', '.', '█', '日', 'é', '\u001b', ' ', '\u0301'), maxLength: 14 }),
    style: fc.constantFrom(0, green, reverse, colours(0, 15), colours(-1, 0) | reverse),
  })
  const grid = fc.uniqueArray(write, { maxLength: 5, selector: ({ row }) => row }).map((writes) => {
    const grid = new Grid({ columns, rows })
    for (const { row, column, text, style } of writes) grid.write(row, column, text, style)
    return grid
  })
  fc.assert(
    fc.property(fc.array(grid, { minLength: 1, maxLength: 4 }), (grids) => {
      const terminal = new VirtualTerminal({ columns, rows })
      let shown: Grid | undefined
      for (const grid of grids) {
        terminal.write(paint(grid, shown))
        shown = grid
        assert.deepEqual(terminal.grid, grid)
      }
    }),
  )
})
