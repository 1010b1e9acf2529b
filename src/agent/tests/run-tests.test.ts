import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadText } from '../config/load.ts'
import { runTests } from './run-tests.ts'

const config = (expect: string) => `
sources: [ { name: host, type: system } ]
processors:
  - { name: tag, type: labels, config: { set: { region: eu } } }
  - { name: hot, type: filter, config: { keep: "signal != 'metrics' || value > 0.9" } }
exporters: [ { name: pager, type: console }, { name: archive, type: console } ]
pipelines:
  - { name: everything, from: [host], process: [tag], to: [archive] }
  - { name: trouble, from: [host], process: [tag, hot], to: [pager] }
tests:
  - name: only what is hot reaches the pager
    input: host
    records:
      - { name: cpu, labels: { core: "0" }, value: 0.95 }
      - { name: cpu, labels: { core: "1" }, value: 0.5 }
      - { alert: fire, severity: critical }
      - { body: "out of paper", severity: WARN }
    expect:
${expect.replace(/^/gm, '      ')}
`

const run = async (expect: string) => (await runTests(await loadText(config(expect), { path: 'w.yaml' })))[0]!.differences

test('records go through real processors, and what arrives is compared field by field', async () => {
  assert.deepEqual(
    await run(`pager:
  - { name: cpu, value: 0.95, labels: { core: "0", region: eu } }
  - { name: fire, severity: critical }
  - { body: out of paper }
archive:
  - { value: 0.95 }
  - { value: 0.5 }
  - { name: fire, labels: { region: eu } }
  - { body: out of paper, attributes: { region: eu } }`),
    [],
  )
})

test('what differs, is missing or was not expected is told', async () => {
  assert.deepEqual(await run('pager: [ { name: cpu, value: 0.5 } ]'), [
    'pager: record 1.value is 0.95, expected 0.5',
    'pager: not expected: {"startsAt":"1970-01-01T00:00:00.000Z","id":"fire {}","name":"fire","severity":"critical","status":"firing","labels":{"region":"eu"}}',
    'pager: not expected: {"time":"1970-01-01T00:00:00.000000000Z","severityText":"WARN","body":"out of paper","attributes":{"region":"eu"}}',
  ])
  assert.deepEqual(
    await run('archive: [ { value: 0.95 }, { value: 0.5 }, { name: fire }, { body: out of paper, nope: 1 }, { body: more } ]'),
    ['archive: record 4.nope is not there, expected 1', 'archive: missing: {"body":"more"}'],
  )
})

test('names in tests that nothing has are errors of the configuration', async () => {
  await assert.rejects(
    loadText(config('pagr: []').replace('input: host', 'input: hos'), { path: 'w.yaml' }),
    /w\.yaml:12:12: tests\[0\]\.input: nothing here has the name hos; did you mean host\?\nw\.yaml:19:7: tests\[0\]\.expect\.pagr: nothing here has the name pagr; did you mean pager\?/,
  )
})
