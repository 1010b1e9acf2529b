import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { loadText } from '../src/agent/config/load.ts'
import { batchCondition, batchVariables } from '../src/expressions/batch-condition.ts'
import type { Variables } from '../src/expressions/condition.ts'
import { recordCondition, recordVariables } from '../src/expressions/record-condition.ts'
import { metrics, series } from '../src/sdk.ts'
import { filesOf } from './markdown.fixture.ts'

const page = readFileSync(new URL('../docs/guide/expressions.md', import.meta.url), 'utf8')

const section = (title: string): string => page.split(/^## /m).find((part) => part.startsWith(title))!

/** The variables of a section's table with their types. */
const told = (title: string): Variables =>
  Object.fromEntries([...section(title).matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, name, type]) => [name!, type!]))

/** The content of the code blocks that begin with these words. */
const blocks = (words: string): string[] =>
  [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].flatMap(([, info, text]) => (info === words ? [text!] : []))

test('the guide has every variable with its type, and no other', () => {
  assert.deepEqual(told('Over a record'), recordVariables)
  assert.deepEqual(told('Over a batch'), batchVariables)
})

test('every example of the guide is a condition', () => {
  assert.equal(section('Examples').match(/^```cel/gm)!.length, 5)
  for (const text of blocks('cel record')) recordCondition(text)
  for (const text of blocks('cel batch')) batchCondition(text)
  assert.equal(blocks('cel record').length + blocks('cel batch').length, page.match(/^```cel/gm)!.length)
})

test('the figures of a metric are those that the guide names', () => {
  const batch = metrics([{ series: series('m'), timeMs: 0, value: 1 }])
  const named = [
    ...section('Over a batch')
      .match(/^\| `metrics`.*$/m)![0]
      .matchAll(/`(\w+)`/g),
  ]
    .map(([, name]) => name!)
    .slice(1)
  assert.equal(batchCondition(named.map((name) => `metrics.m.${name} == 1.0`).join(' && '))(batch), true)
})

test('the configuration of the guide is one', async () => {
  const { file } = await loadText(filesOf('docs/guide/expressions.md').get('errors.yaml')!, { path: 'errors.yaml' })
  assert.equal(file.pipelines.length, 3)
})

test('what is missing does as the guide says', () => {
  const [brackets, has, decided] = blocks('cel record').slice(-3).map(recordCondition)
  const batch = metrics([
    { series: series('m'), timeMs: 0, value: 1 },
    { series: series('m'), timeMs: 0, value: 11 },
  ])
  assert.deepEqual([brackets!(batch, 0), has!(batch, 0), decided!(batch, 0)], [false, true, false])
  assert.throws(() => decided!(batch, 1), /No such key: host/)
  assert.throws(() => recordCondition('value == 5'), /double == int/)
  assert.equal(recordCondition('value > 5')(batch, 1), true)
})
