import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { widthOf } from '../codecs/text/text-width.ts'
import { draw, limitsOf, type Scene } from './draw.ts'
import type { Size } from './grid.ts'
import { press, recordedScene } from './scene.fixture.ts'
import { SeriesStore } from './series-store.ts'
import { initialState } from './view-state.ts'

const recorded = await recordedScene()
const linesOf = (scene: Scene, size: Size) => {
  const grid = draw(scene, size)
  return Array.from({ length: size.rows }, (_, row) => grid.line(row))
}

const key = fc.constantFrom(...'qvtcngdsmpaVTCNGDSMPA0?x', 'up', 'down', 'left', 'right', 'escape')
const size = fc.record({ columns: fc.integer({ min: 1, max: 130 }), rows: fc.integer({ min: 1, max: 50 }) })

const names = [
  ...['cpu.cpu.0.core.0.utilization.percent', 'cpu.cpu.0.total.utilization.percent', 'cpu.cpu.1.core.9.utilization.percent'],
  ...['gpu.nvidia.0.utilization.percent', 'gpu.nvidia.1.memory.used.percent', 'gpu.total.utilization.percent'],
  ...['network.total.rx.bytes_per_sec', 'disk.total.read.bytes_per_sec', 'swap.total.used.bytes', 'memory.system.mapped.bytes'],
  ...['power.component.total.consumption.watts', 'power.component.cpu.consumption.watts', 'accel.ane.utilization.percent', 'x'],
]
const sample = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.double(), fc.nat(100), fc.constantFrom(-1, 1e300, 2 ** 53)))
const feed = fc.array(fc.tuple(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), sample), { maxLength: 60 })

test('002-30 any feed, any keys, any size: nothing throws, and every row has exactly the width', () => {
  fc.assert(
    fc.property(feed, fc.integer({ min: 1, max: 40 }), size, fc.array(key, { maxLength: 30 }), (samples, capacity, size, keys) => {
      const store = new SeriesStore({ capacity })
      let scene: Scene = { ...recorded, store, state: initialState }
      for (const [timeMs, values] of samples) {
        store.update(timeMs, Object.entries(values))
        scene = press(scene, size, keys.splice(0, 1))
      }
      for (const line of linesOf(press(scene, size, keys), size)) assert.equal(widthOf(line), size.columns)
    }),
  )
})

test('however far a state is scrolled, what is drawn is at the end', () => {
  const size = { columns: 80, rows: 12 }
  const scrolled = (down: number, back: number) => linesOf({ ...recorded, state: { ...recorded.state, down, back } }, size)
  const { down, back } = limitsOf(recorded, size)
  assert.deepEqual([down, back], [7, 199])
  assert.deepEqual(scrolled(1e9, 1e9), scrolled(down, back))
  assert.deepEqual(scrolled(-1e9, -1e9), scrolled(0, 0))
})

test('back from the end by one key, however often the end was pressed', () => {
  const size = { columns: 80, rows: 12 }
  const far = [...Array(300).fill('left'), ...Array(300).fill('down')]
  const { state } = press(recorded, size, [...far, 'right', 'up'])
  assert.deepEqual([state.back, state.down], [198, 6])
})

test('nothing is written over a title, and no label is cut: those without room are left out', () => {
  for (let columns = 1; columns <= 130; columns++) {
    const size = { columns, rows: 24 }
    const rulers = linesOf(press(recorded, size, ['v']), size).filter((line) => line.includes('╔'))
    for (const ruler of rulers) {
      const [, title, rest] = /^ *╔(?: (.*?))?(\.*|\.+(?: *\d+(?:%| \w+(?:\/s)?)\|\.*)+) ╗$/.exec(ruler) ?? [undefined, 'not a ruler', '']
      assert.match(title ?? '', /^([A-Za-z\d[\] ]+( %|…)?|…)?$/, JSON.stringify(ruler))
      assert.doesNotMatch(rest ?? '', /^ /)
    }
  }
})

test('the last line has its own place: no chart reaches into it', () => {
  for (let rows = 3; rows <= 30; rows++) {
    const lines = linesOf(recorded, { columns: 80, rows })
    assert.match(lines.at(-1)!, /^ books balance/)
    assert.equal(lines.filter((line) => line.includes('╔')).length, Math.min(12, Math.max(1, (rows - (rows > 3 ? 2 : 1)) >> 1)))
  }
})

test('times are those of the samples, also where one was late', () => {
  const line = linesOf(recorded, { columns: 80, rows: 24 }).at(-2)!
  assert.deepEqual(line.match(/-[\d.]+s/g), ['-62.50s', '-42.50s', '-20.00s', '-0.00s'])
})
