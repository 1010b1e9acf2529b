import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadText } from './load.ts'

const load = (text: string) => loadText(text, { path: 'a.yaml' })

test('003-66 what is not enabled is checked and then left out, with every mention of it', async () => {
  const { sources, exporters, file } = await load(`
sources: [ { type: system }, { name: off, type: system, enabled: false } ]
exporters:
  - { name: a, type: file, fallback: b, dead_letter: b }
  - { name: b, type: file, enabled: false }
  - { name: c, type: file }
pipelines:
  - { name: both, from: [system, off], to: [a, b] }
  - { name: only-off, from: [off], to: [a] }
  - { name: only-b, from: [system], to: [b] }
  - { name: routed, from: [system], routes: [ { when: "signal == 'metrics'", to: [b] }, { to: [c, b] } ] }
`)
  assert.deepEqual(
    sources.map(({ name }) => name),
    ['system'],
  )
  assert.deepEqual(
    exporters.map(({ name, rest }) => [name, rest.fallback, rest.deadLetter]),
    [
      ['a', undefined, undefined],
      ['c', undefined, undefined],
    ],
  )
  assert.deepEqual(
    file.pipelines.map(({ name, from, to, routes }) => [name, from, to, routes.map((route) => route.to)]),
    [
      ['both', ['system'], ['a'], []],
      ['routed', ['system'], [], [[], ['c']]],
    ],
  )
})

test('with no exporter enabled nothing would arrive anywhere; a mistake in what is off is a mistake', async () => {
  await assert.rejects(load('exporters: [ { type: file, enabled: false } ]\n'), /there is no exporter/)
  await assert.rejects(load('exporters: [ { type: file }, { name: b, type: file, enabled: false, config: { x: 1 } } ]\n'), /unknown key/)
})
