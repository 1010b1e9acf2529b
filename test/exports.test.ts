import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { subpaths } from '../scripts/subpaths.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { all, without } = subpaths(root)

test('every folder of a kind that is exported has a module of its name, but for what codecs share', () => {
  assert.deepEqual(without, ['waybill/codecs/text'])
})

for (const subpath of all) {
  test(`${subpath} can be imported`, async () => {
    const url = import.meta.resolve(subpath)
    assert.ok(existsSync(fileURLToPath(url)), url)
    if (!url.endsWith('.json')) assert.notDeepEqual(Object.keys(await import(url)), [])
  })
}

test('an exporter, source, receiver or processor is the default export of its subpath, and its type is its folder', async () => {
  for (const subpath of all) {
    const [, kind, type] = /^waybill\/(source|receiver|processor|exporter)s\/(.+)$/.exec(subpath) ?? []
    if (!kind) continue
    const { default: plugin } = (await import(subpath)) as { default: { kind: string; type: string } }
    assert.deepEqual({ kind: plugin.kind, type: plugin.type }, { kind, type })
  }
})

// A name that goes or changes is a breaking change. After one that is meant: node --conditions=waybill-source --test --test-update-snapshots test/exports.test.ts
for (const door of ['waybill', 'waybill/sdk', 'waybill/testing']) {
  test(`what ${door} exports`, async (t) => {
    t.assert.snapshot(Object.keys(await import(door)).sort())
  })
}

test('the subpaths are those of package.json', () => {
  const { exports } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { exports: Record<string, unknown> }
  for (const key of Object.keys(exports)) {
    const [before] = `waybill${key.slice(1)}`.split('*')
    assert.ok(
      all.some((subpath) => subpath.startsWith(before!)),
      `${key} leads nowhere`,
    )
  }
})
