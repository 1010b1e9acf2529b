import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterKey, initialState, type ViewState, within } from './view-state.ts'

const press = (...keys: string[]): ViewState => keys.reduce(afterKey, initialState)

test('v and t go round, in upper case the other way', () => {
  assert.deepEqual(
    [[], ['v'], ['v', 'v'], ['v', 'v', 'v'], ['V']].map((keys) => press(...keys).view),
    ['one', 'all', 'off', 'one', 'off'],
  )
  assert.deepEqual(
    [[], ['t'], ['t', 't'], ['t', 't', 't'], ['T']].map((keys) => press(...keys).theme),
    ['col', 'mono', 'inv', 'col', 'inv'],
  )
})

test('each group has its key', () => {
  const { modes } = initialState
  assert.deepEqual(press('c').modes, { ...modes, cpu: 'by_cluster' })
  assert.deepEqual(press('C').modes, { ...modes, cpu: 'by_core' })
  assert.deepEqual(press('n').modes, { ...modes, network: 'hide' })
  assert.deepEqual(press('g').modes, { ...modes, gpu: 'load_and_vram' })
  assert.deepEqual(press('G').modes, { ...modes, gpu: 'collapsed' })
  assert.deepEqual(press('d', 's', 'a').modes, { ...modes, disk: 'hide', swap: 'hide', ane: 'hide' })
  assert.deepEqual(press('m').modes, { ...modes, ram: 'percent' })
  assert.deepEqual(press('p').modes, { ...modes, power: 'all' })
  assert.deepEqual(press('n', 'n', 'm', 'M'), initialState)
})

test('arrows scroll, 0 goes back to the beginning, ? and escape are for the help', () => {
  assert.deepEqual(press('left', 'left', 'right', 'down'), { ...initialState, back: 1, down: 1 })
  assert.deepEqual(press('left', 'down', '0'), initialState)
  assert.equal(press('?').help, true)
  assert.equal(press('?', '?').help, false)
  assert.equal(press('?', 'escape').help, false)
})

test('other keys change nothing', () => {
  for (const key of ['', 'x', 'return', 'é', '日', 'pageup', 'f1']) assert.equal(press(key), initialState)
})

test('scrolling ends at both ends', () => {
  const limits = { down: 2, back: 3 }
  assert.deepEqual(within(press('up', 'right'), limits), initialState)
  assert.deepEqual(within(press(...Array(9).fill('down'), ...Array(9).fill('left')), limits), { ...initialState, ...limits })
})
