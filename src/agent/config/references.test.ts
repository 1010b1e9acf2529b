import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadText } from './load.ts'

const problemsOf = (text: string): Promise<readonly string[]> =>
  loadText(text, { path: 'a.yaml' }).then(
    () => [],
    (error: Error) => error.message.split('\n'),
  )

test('routes: names, conditions and what cannot stand together are told with their places', async () => {
  assert.deepEqual(
    await problemsOf(`
sources: [ { type: system } ]
exporters: [ { name: a, type: file } ]
pipelines:
  - { name: one, from: [system], routes: [ { when: "signal == 'metrics'", to: [a, b] }, { where: "nam == 'x'", to: [a] } ] }
  - { name: two, from: [system], to: [a], routes: [ { to: [a] } ] }
  - { name: three, from: [system], routes: [ { when: "true", where: "true", to: [a] } ] }
  - { name: four, from: [system] }
`).then((lines) => lines.map((line) => line.replace(/;.*/, ''))),
    [
      'a.yaml:5:83: pipelines[0].routes[0].to[1]: nothing here has the name b',
      `a.yaml:5:98: pipelines[0].routes[1].where: "nam == 'x'" is not a condition: Unknown variable: nam`,
      'a.yaml:6:5: pipelines[1]: it needs either exporters under `to` or `routes`',
      'a.yaml:7:46: pipelines[2].routes[0]: when and where cannot both be here',
      'a.yaml:8:5: pipelines[3]: it needs either exporters under `to` or `routes`',
    ],
  )
})

test('what is passed on must not come back: through fallbacks, dead letters or both', async () => {
  const problems = await problemsOf(`
exporters:
  - { name: a, type: file, fallback: b }
  - { name: b, type: file, dead_letter: c }
  - { name: c, type: file, dlq_exporter: a }
  - { name: d, type: file, dead_letter: a }
  - { name: e, type: file, dead_letter: x }
  - { name: f, type: file, dead_letter: { type: file, config: { compress: gzip } } }
`)
  assert.deepEqual(
    problems.map((line) => line.replace(/;.*/, '')),
    [
      'a.yaml:3:38: exporters[0].fallback: fallbacks and dead letters go round in a circle',
      'a.yaml:4:41: exporters[1].dead_letter: fallbacks and dead letters go round in a circle',
      'a.yaml:5:5: exporters[2].dead_letter: fallbacks and dead letters go round in a circle',
      'a.yaml:7:41: exporters[4].dead_letter: no exporter has the name x',
      'a.yaml:8:65: exporters[5].dead_letter.config.compress: unknown key',
    ],
  )
})

test('a destination that wants everything in order is sent one export at a time', async () => {
  const exporter = (type: string, config: string) => `
exporters: [ { name: a, type: ${type}, config: { ${config} }, buffer: { concurrency: 2 } } ]
`
  assert.match(
    (await problemsOf(exporter('kafka', ''))).join(),
    /^a\.yaml:2:\d+: exporters\[0\]\.buffer\.concurrency: kafka wants what it is sent in order/,
  )
  assert.deepEqual(await problemsOf(exporter('influxdb', 'url: "http://localhost", database: x')), [])
  assert.deepEqual(await problemsOf(exporter('http', 'endpoint: "http://localhost"')), [])
})
