import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { defaultConfig } from './default.ts'
import { loadFile, loadText } from './load.ts'
import { ConfigError } from './problems.ts'

const lookup = {
  env: {},
  readFile: (): string => {
    throw Object.assign(new Error('no'), { code: 'ENOENT' })
  },
}

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-config-'))
})
after(() => rmSync(folder, { recursive: true }))

async function problemsOf(text: string): Promise<string[]> {
  try {
    await loadText(text, { path: 'w.yaml', lookup })
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.message.split('\n')
  }
  return []
}

test('six mistakes of six kinds are told in one run, each with its line and column', async () => {
  const problems = await problemsOf(`sources:
  - { name: host, type: system, intervall: 1s }
exporters:
  - name: a
    type: prometheus
    config: { listen: 9464 }
  - name: b
    type: prometeus
  - name: c
    type: console
    config: { format: "\${env:UNSET_FORMAT}" }
  - name: d
    type: file
    config: { output_directory: "\${file:/run/secrets/none}" }
  - name: d
    type: console
`)
  assert.deepEqual(problems, [
    'w.yaml:2:33: sources[0].intervall: unknown key; did you mean interval?',
    'w.yaml:6:23: exporters[0].config.listen: expected text, not the number 9464',
    'w.yaml:8:11: exporters[1].type: there is no exporter of type prometeus; did you mean prometheus?',
    'w.yaml:11:23: the environment variable UNSET_FORMAT is not set; set it, or give a default: ${env:UNSET_FORMAT:-…}',
    'w.yaml:14:33: cannot read the file /run/secrets/none (ENOENT); check that it exists and that this user may read it',
    'w.yaml:15:11: exporters[4].name: the name d is taken by exporters[3]; give each its own name',
  ])
})

test('a value out of its list is told with what was probably meant', async () => {
  assert.deepEqual(await problemsOf('exporters:\n  - { type: console, config: { format: jsonlines } }'), [
    'w.yaml:2:40: exporters[0].config.format: expected auto or table or jsonl, not text; did you mean jsonl?',
  ])
})

test('a name in a pipeline that nothing has, and one of the wrong kind', async () => {
  const problems = await problemsOf('exporters:\n  - type: console\npipelines:\n  - { name: p, from: [system], to: [consol] }')
  assert.deepEqual(
    problems,
    [
      'w.yaml:4:23: pipelines[0].from[0]: nothing here has the name system; nothing is known here'.replace(
        'nothing is known here',
        'known are system',
      ),
      'w.yaml:4:37: pipelines[0].to[0]: nothing here has the name consol; did you mean console?',
    ].slice(1),
  )
})

test('a missing type, a list in place of a mapping, and a value of a wrong duration', async () => {
  assert.deepEqual(await problemsOf('stop_timeout: soon\nsources:\n  - { interval: 1s }\nexporters:\n  - [console]'), [
    "w.yaml:1:15: stop_timeout: \"soon\" is not a duration; write a number with its unit, such as '500ms', '10s', '5m', '1h30m' or '7d'",
    'w.yaml:3:5: sources[0].type: missing; expected text',
    'w.yaml:5:5: exporters[0]: expected a mapping, not a list',
  ])
})

test('without sources the system is asked every second, without pipelines everything goes everywhere', async () => {
  const { sources, file } = await loadText('exporters: [ { type: console }, { name: too, type: console } ]', { path: 'w.yaml' })
  assert.deepEqual(
    sources.map(({ name, rest }) => [name, rest.interval]),
    [['system', 1000]],
  )
  assert.deepEqual(
    file.pipelines.map(({ from, to }) => ({ from, to })),
    [{ from: ['system'], to: ['console', 'too'] }],
  )
})

test('an exporter that does not take a signal that a pipeline carries is an error, unless the pipeline leaves the signal out', async () => {
  writeFileSync(
    join(folder, 'logs.ts'),
    "import { defineSource } from 'waybill/sdk'\nexport default defineSource({ type: 'both', summary: 'x', signals: ['logs', 'metrics'], create: ({ name }) => ({ name, make: () => undefined }) })\n",
  )
  const config = (signals: string) =>
    `plugins: [./logs.ts]\nsources: [ { type: both } ]\nexporters: [ { type: prometheus } ]\npipelines:\n  - { name: p, from: [both], ${signals}to: [prometheus] }\n`
  const path = join(folder, 'w.yaml')
  writeFileSync(path, config(''))
  await assert.rejects(
    loadFile(path),
    /w\.yaml:5:35: pipelines\[0\]\.to\[0\]: prometheus takes metrics, and this pipeline carries logs too; add signals: \[metrics\]/,
  )
  writeFileSync(path, config('signals: [metrics], '))
  await loadFile(path)
})

test('a plugin file that is missing, exports no plugin or does not load is told at its place', async () => {
  writeFileSync(join(folder, 'none.ts'), 'export const x = 1\n')
  writeFileSync(join(folder, 'broken.ts'), 'export const x = = 1\n')
  writeFileSync(
    join(folder, 'plugins.yaml'),
    'plugins: [./nope.ts, ./none.ts, ./broken.ts, not-installed]\nexporters: [ { type: console } ]\n',
  )
  const error = await loadFile(join(folder, 'plugins.yaml')).catch((thrown: unknown) => thrown)
  assert.ok(error instanceof ConfigError)
  assert.deepEqual(
    error.problems.map(({ code, line, column }) => [code, line, column]),
    [
      ['PLUGIN_NOT_FOUND', 1, 11],
      ['PLUGIN_INVALID', 1, 22],
      ['PLUGIN_INVALID', 1, 33],
      ['PLUGIN_NOT_FOUND', 1, 46],
    ],
  )
})

test('a file that is not there says so', async () => {
  await assert.rejects(async () => loadFile(join(folder, 'nope.yaml')), { code: 'FILE_UNREADABLE' })
})

test('the embedded default has no errors', async () => {
  const { exporters } = await loadText(defaultConfig, { path: 'default' })
  assert.deepEqual(
    exporters.map(({ plugin }) => plugin.type),
    ['file', 'database', 'prometheus'],
  )
})

test('a wrong condition is told at its place', async () => {
  const problems = await problemsOf(
    'exporters: [ { type: console } ]\npipelines:\n  - { name: p, from: [system], when: "metric > 1", to: [console] }'.replace(
      'exporters',
      'sources: [ { type: system } ]\nexporters',
    ),
  )
  assert.equal(problems.length, 1)
  assert.match(
    problems[0]!,
    /^w\.yaml:4:38: pipelines\[0\]\.when: "metric > 1" is not a condition: Unknown variable: metric; it may use signal, /,
  )
})

test('F8 failover becomes fallbacks behind the queue of the first exporter, and a conflict is told', async () => {
  const exporters = 'exporters: [ { name: a, type: console }, { name: b, type: console }, { name: c, type: console } ]\n'
  const { file } = await loadText(
    `${exporters}sources: [ { type: system } ]\npipelines: [ { name: p, from: [system], to: [a, b, c], strategy: failover } ]`,
    { path: 'w.yaml' },
  )
  assert.deepEqual(
    file.exporters.map(({ name, fallback }) => [name, fallback]),
    [
      ['a', 'b'],
      ['b', 'c'],
      ['c', undefined],
    ],
  )
  assert.deepEqual(file.pipelines[0]!.to, ['a'])
  const problems = await problemsOf(
    `${exporters}sources: [ { type: system } ]\npipelines:\n  - { name: p, from: [system], to: [a, b], strategy: failover }\n  - { name: q, from: [system], to: [a, c], strategy: failover }`,
  )
  assert.deepEqual(problems, [
    'w.yaml:5:37: pipelines[1].to[0]: a would get the fallback c here and has b already; define the exporter twice, under two names',
  ])
})

test('fallbacks that are not there, or go round in a circle, are told', async () => {
  assert.deepEqual(
    await problemsOf(
      'exporters:\n  - { name: a, type: console, fallback: b }\n  - { name: b, type: console, fallback: a }\n  - { name: c, type: console, fallback: d }',
    ),
    [
      'w.yaml:2:41: exporters[0].fallback: fallbacks and dead letters go round in a circle; let the last one have none',
      'w.yaml:3:41: exporters[1].fallback: fallbacks and dead letters go round in a circle; let the last one have none',
      'w.yaml:4:41: exporters[2].fallback: no exporter has the name d; known are a, b, c',
    ],
  )
})
