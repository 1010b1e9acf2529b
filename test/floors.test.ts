import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { breachesIn, breachesOf, importsOf } from './imports.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const manifest = JSON.parse(readFileSync(path('../package.json'), 'utf8')) as Record<'dependencies' | 'devDependencies', object>
const packages = { dependencies: Object.keys(manifest.dependencies), devDependencies: Object.keys(manifest.devDependencies) }

test('nobody imports from a floor above', () => {
  assert.deepEqual(breachesIn(path('../src'), packages), [])
})

test('a breach on each floor, and of each rule, is reported, and nothing else', () => {
  const found = breachesIn(path('fixtures/floors-breach'), packages).map(({ file, specifier }) => `${file}: ${specifier}`)
  assert.deepEqual(found, [
    'agent/reaches-up.ts: ../cli/main.ts',
    'agent/tests.ts: ../testing/index.ts',
    'agent/undeclared-package.ts: fast-check',
    'attic/no-floor.ts: ',
    'cli/computed.ts: (computed)',
    'codecs/one/other-codec.ts: ../two/two.ts',
    'codecs/one/reads-files.ts: node:fs',
    'codecs/one/takes-a-package.ts: zod',
    'controllers/delivers.ts: ../delivery/buffered.ts',
    'core/delivers.ts: ../delivery/buffered.ts',
    'core/measures.ts: node:util',
    'core/opens-the-door.ts: ../index.ts',
    'core/takes-a-package.ts: zod',
    'dashboard/tests.ts: ../testing/index.ts',
    'delivery/reaches-up.ts: ../agent/reaches-up.ts',
    'exporters/one/computed.ts: (computed)',
    'exporters/one/core-behind-the-sdk.ts: ../../core/batch.ts',
    'exporters/one/not-a-dependency.ts: fast-check',
    'exporters/one/one.test.ts: ../two/two.ts',
    'exporters/one/other-exporter.ts: ../two/two.ts',
    'exporters/one/own-door.ts: waybill/sdk',
    'expressions/takes-a-package.ts: zod',
    'http/exports.ts: ../exporters/two/two.ts',
    'index.ts: ./exporters/two/two.ts',
    'packages/reaches-up.ts: ../agent/reaches-up.ts',
    'profiling/reaches-up.ts: ../agent/reaches-up.ts',
    'sdk.ts: ./delivery/buffered.ts',
    'testing/delivers.ts: ../delivery/buffered.ts',
    'version.ts: ./core/batch.ts',
  ])
})

test('tests may import more than what they test, and not everything', () => {
  const text = "import { test } from 'node:test'\nimport fc from 'fast-check'\nimport { exporterContract } from '../../testing/index.ts'\n"
  for (const file of ['one.test.ts', 'one.fixture.ts', 'fixtures/one.ts'])
    assert.deepEqual(breachesOf(`exporters/one/${file}`, text.replace('../../', file.includes('/') ? '../../../' : '../../'), packages), [])
  assert.deepEqual(
    breachesOf('exporters/one/one.ts', text, packages).map(({ specifier }) => specifier),
    ['fast-check', '../../testing/index.ts'],
  )
  assert.equal(breachesOf('exporters/one/one.test.ts', "import '../../agent/agent.ts'\n", packages).length, 1)
})

test('every way to import is read', () => {
  const source = `
import './a.ts'
import b from './b.ts'
import * as c from './c.ts'
import type { D } from './d.ts'
import e, {
  type F,
  f as g,
} from './e.ts'
import data from "./f.json" with { type: 'json' }
export * from './g.ts'
export * as h from './h.ts'
export type { I } from './i.ts'
export {
  j,
} from './j.ts'
const k = await import('./k.ts')
type L = import('./l.ts').L
const m = await import(k)
// import('./comment.ts')
/** import('./comment.ts') */
export const from = 'nowhere'
export function n() {
  return " from './text.ts'"
}
`
  const letters = importsOf(source).map((specifier) => specifier.replace(/^\.\/(.)\..*/, '$1'))
  assert.deepEqual(letters, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', '(computed)'])
})
