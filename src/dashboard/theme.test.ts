import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backgroundOf, foregroundOf } from './grid.ts'
import { type Group, groupNames } from './groups.ts'
import { cellsOf, type Theme } from './theme.ts'

/** The foregrounds of the three bands; the background of each is the foreground of the one before, of the first the terminal's. */
function bandsOf(group: Group, theme: Theme): number[] {
  const cells = cellsOf(group, theme, 'ansi256')
  assert.equal(cells.length, 25)
  assert.equal(cells.map(([character]) => character).join(''), ` ${'▁▂▃▄▅▆▇█'.repeat(3)}`)
  const styles = [1, 9, 17].map((first) => {
    assert.equal(new Set(cells.slice(first, first + 8).map(([, style]) => style)).size, 1, 'one style in a band')
    return cells[first]![1]
  })
  const foregrounds = styles.map(foregroundOf)
  assert.deepEqual(styles.map(backgroundOf), [-1, ...foregrounds.slice(0, 2)])
  return foregrounds
}

test('25 cells in the colour of the group', () => {
  assert.deepEqual(Object.fromEntries(groupNames.map((group) => [group, bandsOf(group, 'col')])), {
    cpu: [150, 107, 22],
    network: [189, 146, 103],
    gpu: [224, 181, 138],
    disk: [189, 146, 103],
    swap: [223, 180, 137],
    ram: [223, 180, 137],
    power: [224, 181, 138],
    ane: [224, 181, 138],
  })
})

test('25 cells in greys, for all groups the same', () => {
  for (const group of groupNames) {
    assert.deepEqual(bandsOf(group, 'mono'), [7, 8, 0])
    assert.deepEqual(bandsOf(group, 'inv'), [8, 7, 15])
  }
})

test('9 cells without any style where there are no colours', () => {
  for (const theme of ['col', 'mono', 'inv'] as const) {
    const cells = cellsOf('cpu', theme, 'none')
    assert.equal(cells.map(([character]) => character).join(''), ' ▁▂▃▄▅▆▇█')
    assert.ok(cells.every(([, style]) => style === 0))
  }
})
