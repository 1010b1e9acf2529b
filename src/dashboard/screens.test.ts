/**
 * Whole screens, text and styles, of a recorded feed. After a change that is meant: `node --test --test-update-snapshots`, and look at
 * every one.
 */
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { draw } from './draw.ts'
import { picture, press, recordedScene } from './scene.fixture.ts'
import { SeriesStore } from './series-store.ts'

const recorded = await recordedScene()

const keys = (name: string, times: number): readonly string[] => Array(times).fill(name)

const screens: Readonly<Record<string, readonly [size: string, keys?: readonly string[], scene?: Partial<typeof recorded>]>> = {
  one: ['80x24'],
  all: ['80x24', ['v']],
  off: ['80x24', ['V']],
  'wide-one': ['120x40'],
  'wide-all-vram': ['120x40', ['v', 'g']],
  'small-one': ['40x12'],
  'small-all': ['40x12', ['v']],
  'small-off': ['40x12', ['V']],
  'back-10': ['80x24', keys('left', 10)],
  'back-to-the-first': ['80x24', ['v', ...keys('left', 999)]],
  'down-3': ['80x24', keys('down', 3)],
  'small-down-to-the-last': ['40x12', keys('down', 999)],
  mono: ['80x24', ['t']],
  inv: ['80x24', ['t', 't']],
  colourless: ['80x24', [], { colours: 'none' }],
  help: ['80x24', ['?']],
  'small-help': ['40x12', ['?']],
  single: ['1x1'],
  'single-help': ['1x1', ['?']],
  'two-rows': ['30x2'],
  'three-rows': ['30x3'],
  tall: ['12x9'],
  waiting: ['40x5', [], { store: new SeriesStore() }],
}

for (const [name, [size, keys = [], scene = {}]] of Object.entries(screens)) {
  test(`screen ${size} ${name}`, ({ assert }) => {
    const [columns, rows] = size.split('x').map(Number) as [number, number]
    const shown = picture(draw(press({ ...recorded, ...scene }, { columns, rows }, keys), { columns, rows }))
    assert.fileSnapshot(shown, fileURLToPath(new URL(`golden/${size}-${name}.txt`, import.meta.url)), { serializers: [String] })
  })
}
