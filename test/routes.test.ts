import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startAgent } from '../src/testing/agent-process.ts'
import { waybillCommand } from './command.fixture.ts'

const plugins = `import { defineExporter, defineSource, metrics, reject, series } from 'waybill/sdk'
let made = false
export const three = defineSource({
  type: 'three', summary: 'Three points, once.', signals: ['metrics'],
  create: ({ name }) => ({ name, make: (at) => {
    if (made) return undefined
    made = true
    return metrics(['a', 'b', 'c'].map((of, value) => ({ series: series('number', { of }), timeMs: at.getTime(), value })))
  } }),
})
export const never = defineExporter({
  type: 'never', summary: 'Rejects everything.', signals: ['metrics'],
  create: ({ name }) => ({ name, export: async () => reject(new Error('never')) }),
})
`

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-routes-'))
  writeFileSync(join(folder, 'plugins.ts'), plugins)
})
after(() => rmSync(folder, { recursive: true }))

/** The label `of` of every point in the files of a folder. */
const pointsIn = (path: string): string[] =>
  readdirSync(path)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(path, file), 'utf8').trimEnd().split('\n'))
    .map((line) => {
      const { labels, record } = JSON.parse(line) as { labels?: { of: string }; record?: { labels: { of: string } } }
      return (labels ?? record!.labels).of
    })
    .sort()

const head = (name: string) => `
api: { listen: "127.0.0.1:0" }
data_dir: ${folder}/${name}
plugins: [ ./plugins.ts ]
sources: [ { type: three, interval: 50ms } ]
`

test('003-26 F9 routes: by record and by batch, every match, and what no route wants is unmatched', async () => {
  const path = join(folder, 'routes.yaml')
  writeFileSync(
    path,
    `${head('routes')}
exporters:
  - { name: small, type: file, config: { output_directory: "${folder}/small" } }
  - { name: middle, type: file, config: { output_directory: "${folder}/middle" } }
  - { name: full, type: file, config: { output_directory: "${folder}/full" } }
pipelines:
  - name: by-value
    from: [three]
    routes:
      - { where: "value < 2.0", to: [small], description: small ones }
      - { where: "labels.of == 'b'", to: [middle] }
      - { when: "metrics['number'].max > 5", to: [full] }
`,
  )
  const agent = await startAgent({ config: path, dataDir: join(folder, 'routes') })
  await agent.until(async () => (await agent.ledger()).exporters[0]!.delivered === 2)
  const { pipelines, exporters } = await agent.ledger()
  assert.deepEqual([pipelines[0]!.received, pipelines[0]!.handedOn, pipelines[0]!.unmatched], [3, 2, 1])
  assert.deepEqual(
    exporters.map(({ accepted }) => accepted),
    [2, 1, 0],
  )
  agent.signal('SIGTERM')
  assert.equal((await agent.exited).code, 0)
  assert.deepEqual(pointsIn(join(folder, 'small')), ['a', 'b'])
  assert.deepEqual(pointsIn(join(folder, 'middle')), ['b'])
})

test('003-43 F14 dead letters go where the exporter says: files of its own, another exporter, or a plugin with settings', async () => {
  const path = join(folder, 'letters.yaml')
  writeFileSync(
    path,
    `${head('letters')}
exporters:
  - { name: one, type: never, dead_letter: { type: file } }
  - { name: two, type: never, dlq_exporter: rest }
  - { name: rest, type: file, config: { output_directory: "${folder}/rest" } }
  - { name: three, type: never, dead_letter: { type: file, config: { output_directory: "${folder}/three" } } }
pipelines: [ { name: all, from: [three], to: [one, two, three] } ]
`,
  )
  const { code, stdout } = await waybillCommand(['run', path, '--for', '700ms'])
  assert.equal(code, 3, stdout)
  assert.match(stdout, /^two +3 +- +- +3/m)
  assert.deepEqual(pointsIn(join(folder, 'letters', 'dead-letters')), ['a', 'b', 'c'])
  assert.deepEqual(pointsIn(join(folder, 'rest')), ['a', 'b', 'c'])
  assert.deepEqual(pointsIn(join(folder, 'three')), ['a', 'b', 'c'])
})

test('003-66 F18 filters and debugging of one exporter: what is filtered is counted as dropped, and each export is told', async () => {
  const path = join(folder, 'filters.yaml')
  writeFileSync(
    path,
    `${head('filters')}
exporters:
  - { name: none, type: file, filters: { exclude_metrics: [num*] }, config: { output_directory: "${folder}/none" } }
  - { name: told, type: file, debug: { log_payloads: true }, config: { output_directory: "${folder}/told" } }
`,
  )
  const { code, stdout, stderr } = await waybillCommand(['run', path, '--for', '700ms'])
  assert.equal(code, 0, stdout)
  assert.match(stdout, /^none +3 +- +- +- +3 \(filtered\)/m)
  assert.match(stderr, /about to export exporter=told payload=.*number/)
  assert.match(stderr, /exported exporter=told .*records/)
  assert.deepEqual(pointsIn(join(folder, 'told')), ['a', 'b', 'c'])
})
